using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Evaluator of a model. Errors are summed in double on the host, image by image.</summary>
public sealed class Evaluator
{
    private readonly ImageModel _model;
    private readonly float[] _images;
    private readonly float[] _made;

    /// <summary>Allocates the buffers for the model's largest batch.</summary>
    public Evaluator(ImageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        int length = model.MaxBatch * model.Shape.Length;
        _images = new float[length];
        _made = new float[length];
    }

    /// <summary>Computes all scores on the test images; the training images label the units.</summary>
    public EvaluationResult Evaluate(Dataset dataset) =>
        Evaluate(dataset, new Lazy<CodedImages>(() => CodedImages.Of(_model, dataset.Train))).Scores;

    /// <summary>Computes all scores on the test images and keeps their codes, so that no image is encoded twice.</summary>
    /// <param name="dataset">The images.</param>
    /// <param name="train">Codes of the training images, which label the units.</param>
    public (EvaluationResult Scores, CodedImages Test) Evaluate(Dataset dataset, Lazy<CodedImages> train)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(train);
        int classes = dataset.ClassNames.Count;
        using var test = new DeviceImages(_model.Backend, dataset.Test, _model.MaxBatch);
        var scores = new ImageScores(test.Count, _model.CodeLength);
        EvaluationResult result = Evaluate(test, classes, scores, default);
        if (_model.Map is { } map)
        {
            var trained = new Contingency(train.Value.Bmu.Span, dataset.Train.Labels, map.Units, classes);
            result = result.WithTraining(scores.Winners.Contingency(map, test.Labels.Span, classes), trained);
        }
        else if (_model is VaeModel vae)
        {
            result = result with { MseZ = ErrorOfDrawnCodes(vae, test) };
        }

        return (result, new CodedImages(scores.Codes, _model.Map is null ? Array.Empty<int>() : scores.Winners.Bmu));
    }

    /// <summary>Computes all scores on a set of images that need no other images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="stop">Cancels the computation.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public EvaluationResult Evaluate(DeviceImages images, int classes, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Evaluate(images, classes, new ImageScores(images.Count, codeLength: 0), stop);
    }

    private EvaluationResult Evaluate(DeviceImages images, int classes, ImageScores scores, CancellationToken stop)
    {
        for (int start = 0; start < images.Count; start += _model.MaxBatch)
        {
            stop.ThrowIfCancellationRequested();
            int batch = Math.Min(_model.MaxBatch, images.Count - start);
            Score(images, scores, start, batch);
        }

        return _model switch
        {
            ClassifierModel => new EvaluationResult { Images = images.Count, Accuracy = scores.Hits / (double)images.Count },
            SomAttnModel model => OnMap(model, scores, images.Labels.Span, classes),
            _ => new EvaluationResult { Images = images.Count, MseE = scores.MseE.Average() },
        };
    }

    /// <summary>
    /// Computes mse_z, the per-pixel MSE of D(mean + exp(½ logVariance) · ε), ε ~ N(0, 1), drawn once per image with the model's seed,
    /// independent of the batch size.
    /// </summary>
    private double ErrorOfDrawnCodes(VaeModel model, DeviceImages images)
    {
        var key = new RandomKey(model.Settings.Seed, RandomPurpose.SampleNoise, 1);
        using DeviceBuffer<float> noise = model.Backend.Allocate<float>(model.MaxBatch * model.CodeLength);
        using DeviceBuffer<float> codes = model.Backend.Allocate<float>(noise.Length);
        double[] errors = new double[images.Count];
        for (int start = 0; start < images.Count; start += model.MaxBatch)
        {
            int batch = Math.Min(model.MaxBatch, images.Count - start);
            DeviceView<float> range = images.Range(start, batch);
            range.CopyTo(_images.AsSpan(0, range.Length));
            int first = start * model.CodeLength;
            float[] drawn = [.. Enumerable.Range(first, batch * model.CodeLength).Select(element => Philox.Normal(key, (uint)element))];
            noise.View.First(drawn.Length).CopyFrom(drawn);
            (DeviceView<float> mean, DeviceView<float> logVariance) = model.EncodeDistribution(range, batch);
            DeviceView<float> z = codes.View.First(drawn.Length);
            model.Backend.GaussianSampleForward(mean, logVariance, noise.View.First(drawn.Length), z);
            Compare(model.Decode(z, batch), errors.AsSpan(start, batch));
        }

        return errors.Average();
    }

    private static EvaluationResult OnMap(SomAttnModel model, ImageScores scores, ReadOnlySpan<int> labels, int classes) =>
        scores.Winners.Score(model.Map, labels, classes) with
        {
            MseE = scores.MseE.Average(),
            MseQ = scores.MseQ.Average(),
            Map = UnitByUnit(scores.Winners.Contingency(model.Map, labels, classes), model.Map.Units, scores),
        };

    private void Score(DeviceImages images, ImageScores scores, int start, int batch)
    {
        DeviceView<float> range = images.Range(start, batch);
        range.CopyTo(_images.AsSpan(0, range.Length));
        switch (_model)
        {
            case ClassifierModel classifier:
                scores.Hits += CountHits(classifier, range, images.Labels.Span.Slice(start, batch));
                break;
            case SomAttnModel map:
                Reconstruction made = map.Reconstruct(range, batch);
                scores.Keep(made.Codes, start);
                scores.Winners.Take(made.Winners, start);
                Compare(made.Images, scores.MseE.AsSpan(start, batch));
                Compare(made.QuantizedImages, scores.MseQ.AsSpan(start, batch));
                break;
            case GenerativeModel model:
                DeviceView<float> codes = model.Encode(range, batch);
                scores.Keep(codes, start);
                Compare(model.Decode(codes, batch), scores.MseE.AsSpan(start, batch));
                break;
            default:
                throw new NotSupportedException($"There are no scores for a {_model.GetType().Name}.");
        }
    }

    /// <summary>Counts the images whose largest logit is that of their class; on a tie the first counts.</summary>
    private static int CountHits(ClassifierModel classifier, DeviceView<float> images, ReadOnlySpan<int> labels)
    {
        float[] scores = classifier.Score(classifier.Encode(images, labels.Length), labels.Length).ToArray();
        int hits = 0;
        for (int n = 0; n < labels.Length; n++)
        {
            ReadOnlySpan<float> row = scores.AsSpan(n * classifier.Classes, classifier.Classes);
            hits += IndexOfLargest(row) == labels[n] ? 1 : 0;
        }

        return hits;
    }

    private static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    /// <summary>Computes the errors of decoded images against the images that <see cref="Score"/> copied to the host.</summary>
    private void Compare(DeviceView<float> made, Span<double> errors)
    {
        int pixels = _model.Shape.Length;
        made.CopyTo(_made.AsSpan(0, made.Length));
        for (int n = 0; n < errors.Length; n++)
        {
            errors[n] = MeanSquaredError(_images.AsSpan(n * pixels, pixels), _made.AsSpan(n * pixels, pixels));
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

    private static MapStatistics UnitByUnit(Contingency contingency, int units, ImageScores scores)
    {
        int[] bmu = scores.Winners.Bmu;
        int[] hits = MapQuality.Hits(bmu, units);
        double[] errors = new double[hits.Length];
        for (int n = 0; n < bmu.Length; n++)
        {
            errors[bmu[n]] += scores.MseQ[n];
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

    /// <summary>Scores of each image.</summary>
    /// <param name="images">N.</param>
    /// <param name="codeLength">D; 0 to keep no codes.</param>
    private sealed class ImageScores(int images, int codeLength)
    {
        /// <summary>(N, D), the codes.</summary>
        public float[] Codes { get; } = new float[images * codeLength];

        /// <summary>Number of correctly classified images.</summary>
        public int Hits { get; set; }

        public WinnersOfImages Winners { get; } = new(images);

        /// <summary>Per-pixel MSE of D(v), the decoded code, of each image.</summary>
        public double[] MseE { get; } = new double[images];

        /// <summary>Per-pixel MSE of D(w), the decoded codebook vector of the BMU, of each image.</summary>
        public double[] MseQ { get; } = new double[images];

        /// <summary>Copies the codes of consecutive images.</summary>
        public void Keep(DeviceView<float> codes, int start)
        {
            if (codeLength > 0)
            {
                codes.CopyTo(Codes.AsSpan(start * codeLength, codes.Length));
            }
        }
    }
}
