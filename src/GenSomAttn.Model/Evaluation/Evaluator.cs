using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Scores a model. Errors are summed in double on the host, image by image.</summary>
public sealed class Evaluator
{
    private readonly SomAttnModel _model;
    private readonly float[] _images;
    private readonly float[] _madeImages;
    private readonly float[] _madeFromUnits;

    /// <summary>Plans the buffers for the model's largest batch.</summary>
    public Evaluator(SomAttnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        int length = model.MaxBatch * model.PixelsPerImage;
        _images = new float[length];
        _madeImages = new float[length];
        _madeFromUnits = new float[length];
    }

    /// <summary>Every score on the test images, with the training images for the labels of the units.</summary>
    public EvaluationResult Evaluate(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        int classes = dataset.ClassNames.Count;
        using var test = new DeviceImages(_model.Backend, dataset.Test, _model.MaxBatch);
        using var train = new DeviceImages(_model.Backend, dataset.Train, _model.MaxBatch);
        int units = _model.Map.Units;
        var trained = new Contingency(CodedImages.Of(_model, train).Bmu.Span, train.Labels.Span, units, classes);
        var tested = new Contingency(CodedImages.Of(_model, test).Bmu.Span, test.Labels.Span, units, classes);
        return Evaluate(test, classes) with { UnitLabelAccuracy = tested.AccuracyOfMajority(trained) };
    }

    /// <summary>Every score on some images that needs no others.</summary>
    /// <param name="images">The images.</param>
    /// <param name="classes">Number of classes that their labels name.</param>
    /// <param name="stop">Asks to give up.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public EvaluationResult Evaluate(DeviceImages images, int classes, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        var scores = new ImageScores(images.Count);
        for (int start = 0; start < images.Count; start += _model.MaxBatch)
        {
            stop.ThrowIfCancellationRequested();
            int batch = Math.Min(_model.MaxBatch, images.Count - start);
            Score(images.Range(start, batch), scores, start, batch);
        }

        int units = _model.Map.Units;
        int[] hits = MapQuality.Hits(scores.Bmu, units);
        var contingency = new Contingency(scores.Bmu, images.Labels.Span, units, classes);
        return new EvaluationResult
        {
            Images = images.Count,
            MseE = scores.MseE.Average(),
            MseQ = scores.MseQ.Average(),
            QuantizationError = MapQuality.QuantizationError(scores.SquaredDistances),
            Te4 = MapQuality.TopographicError(scores.Bmu, scores.Second, _model.Map.Width, diagonal: false),
            Te8 = MapQuality.TopographicError(scores.Bmu, scores.Second, _model.Map.Width, diagonal: true),
            UnitsUsed = MapQuality.UnitsUsed(hits),
            Perplexity = MapQuality.Perplexity(hits),
            Purity = contingency.Purity(),
            Nmi = contingency.NormalizedMutualInformation(),
            Map = UnitByUnit(hits, contingency, scores),
        };
    }

    private void Score(DeviceView<float> images, ImageScores scores, int start, int batch)
    {
        int pixels = _model.PixelsPerImage;
        Reconstruction made = _model.Reconstruct(images, batch);
        made.Winners.Bmu.CopyTo(scores.Bmu.AsSpan(start, batch));
        made.Winners.Second.CopyTo(scores.Second.AsSpan(start, batch));
        made.Winners.SquaredDistances.CopyTo(scores.SquaredDistances.AsSpan(2 * start, 2 * batch));
        images.CopyTo(_images.AsSpan(0, batch * pixels));
        made.Images.CopyTo(_madeImages.AsSpan(0, batch * pixels));
        made.QuantizedImages.CopyTo(_madeFromUnits.AsSpan(0, batch * pixels));
        for (int n = 0; n < batch; n++)
        {
            ReadOnlySpan<float> image = _images.AsSpan(n * pixels, pixels);
            scores.MseE[start + n] = MeanSquaredError(image, _madeImages.AsSpan(n * pixels, pixels));
            scores.MseQ[start + n] = MeanSquaredError(image, _madeFromUnits.AsSpan(n * pixels, pixels));
        }
    }

    private static double MeanSquaredError(ReadOnlySpan<float> image, ReadOnlySpan<float> made)
    {
        double sum = 0;
        for (int i = 0; i < image.Length; i++)
        {
            double difference = (double)image[i] - made[i];
            sum += difference * difference;
        }

        return sum / image.Length;
    }

    private static MapStatistics UnitByUnit(int[] hits, Contingency contingency, ImageScores scores)
    {
        double[] errors = new double[hits.Length];
        for (int n = 0; n < scores.Bmu.Length; n++)
        {
            errors[scores.Bmu[n]] += scores.MseQ[n];
        }

        int[] labels = new int[hits.Length];
        double[] purities = new double[hits.Length];
        for (int unit = 0; unit < hits.Length; unit++)
        {
            labels[unit] = contingency.Majority(unit);
            int most = labels[unit] < 0 ? 0 : contingency.Classes(unit)[labels[unit]];
            purities[unit] = (double)most / hits[unit];
            errors[unit] /= hits[unit];
        }

        return new MapStatistics(hits, labels, purities, errors);
    }

    /// <summary>What is kept of each image.</summary>
    private sealed class ImageScores(int images)
    {
        public int[] Bmu { get; } = new int[images];

        public int[] Second { get; } = new int[images];

        public float[] SquaredDistances { get; } = new float[2 * images];

        public double[] MseE { get; } = new double[images];

        public double[] MseQ { get; } = new double[images];
    }
}
