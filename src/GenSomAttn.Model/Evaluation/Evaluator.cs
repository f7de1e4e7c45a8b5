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
        if (_model.Map is { } map && scores.Winners.Contingency(map, test.Labels.Span, classes) is { } own)
        {
            result = result.WithTraining(own, new Contingency(train.Value.Bmu.Span, dataset.Train.Labels, map.Units, classes));
        }

        return (result, new CodedImages(scores.Codes, _model.Map is null ? Array.Empty<int>() : scores.Winners.Bmu));
    }

    /// <summary>Computes all scores on a set of images that need no other images.</summary>
    /// <param name="images">The images.</param>
    /// <param name="classes">Number of classes; 0 for images without labels.</param>
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

        EvaluationResult result = _model.Map is { } map
            ? OnMap(map, scores, images.Labels.Span, classes)
            : new EvaluationResult { Images = images.Count };
        return result with
        {
            MseE = scores.MseE?.Average(),
            MseQ = scores.MseQ?.Average(),
            MseZ = scores.MseZ?.Average(),
            Accuracy = classes > 0 ? scores.Hits / (double?)images.Count : null,
        };
    }

    private static EvaluationResult OnMap(SelfOrganizingMap map, ImageScores scores, ReadOnlySpan<int> labels, int classes)
    {
        Contingency? contingency = scores.Winners.Contingency(map, labels, classes);
        return scores.Winners.Score(map, contingency) with
        {
            Map = UnitByUnit(contingency, map.Units, scores.Winners.Bmu, scores.MseQ ?? []),
        };
    }

    private void Score(DeviceImages images, ImageScores scores, int start, int batch)
    {
        DeviceView<float> range = images.Range(start, batch);
        range.CopyTo(_images.AsSpan(0, range.Length));
        ModelOutput output = _model.Forward(range, batch);
        scores.Keep(output.Codes, start);
        if (output.Winners is { } winners)
        {
            scores.Winners.Take(winners, start);
        }

        if (output.Images is { } made)
        {
            Compare(made, (scores.MseE ??= new double[images.Count]).AsSpan(start, batch));
        }

        if (output.QuantizedImages is { } quantized)
        {
            Compare(quantized, (scores.MseQ ??= new double[images.Count]).AsSpan(start, batch));
        }

        if (output.LogVariance is { } logVariance && scores.KeepsCodes)
        {
            CompareDrawn(output.Codes, logVariance, start, (scores.MseZ ??= new double[images.Count]).AsSpan(start, batch));
        }

        if (output.Logits is { } logits)
        {
            scores.Hits = (scores.Hits ?? 0) + CountHits(logits.ToArray(), images.Labels.Span.Slice(start, batch));
        }
    }

    /// <summary>
    /// Computes the errors of D(mean + exp(½ logVariance) · ε), ε ~ N(0, 1), drawn once per image with the model's seed, independent of the
    /// batch size.
    /// </summary>
    private void CompareDrawn(DeviceView<float> mean, DeviceView<float> logVariance, int start, Span<double> errors)
    {
        var key = new RandomKey(_model.Settings.Seed, RandomPurpose.SampleNoise, 1);
        int first = start * _model.CodeLength;
        using DeviceBuffer<float> noise = _model.Backend.Allocate<float>(mean.Length);
        using DeviceBuffer<float> codes = _model.Backend.Allocate<float>(mean.Length);
        float[] drawn = [.. Enumerable.Range(first, mean.Length).Select(element => Philox.Normal(key, (uint)element))];
        noise.View.CopyFrom(drawn);
        _model.Backend.GaussianSampleForward(mean, logVariance, noise.View, codes.View);
        Compare(((GenerativeModel)_model).Decode(codes.View, errors.Length), errors);
    }

    /// <summary>Counts the images whose largest logit is that of their class; on a tie the first counts.</summary>
    private static int CountHits(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        int classes = logits.Length / labels.Length;
        int hits = 0;
        for (int n = 0; n < labels.Length; n++)
        {
            hits += IndexOfLargest(logits.Slice(n * classes, classes)) == labels[n] ? 1 : 0;
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
        made.CopyTo(_made.AsSpan(0, made.Length));
        ImageErrors.MeanSquared(_images.AsSpan(0, made.Length), _made.AsSpan(0, made.Length), errors);
    }

    private static MapStatistics UnitByUnit(Contingency? contingency, int units, int[] bmu, double[] mseQ)
    {
        int[] hits = MapQuality.Hits(bmu, units);
        double[] errors = new double[hits.Length];
        for (int n = 0; n < bmu.Length; n++)
        {
            errors[bmu[n]] += mseQ[n];
        }

        for (int unit = 0; unit < hits.Length; unit++)
        {
            errors[unit] /= hits[unit];
        }

        return new MapStatistics(hits, contingency is null ? null : LabelsOf(contingency, hits), errors);
    }

    private static UnitLabel[] LabelsOf(Contingency contingency, int[] hits)
    {
        var labels = new UnitLabel[hits.Length];
        for (int unit = 0; unit < hits.Length; unit++)
        {
            int label = contingency.Majority(unit);
            int most = label < 0 ? 0 : contingency.Classes(unit)[label];
            labels[unit] = new UnitLabel(label, (double)most / hits[unit]);
        }

        return labels;
    }

    /// <summary>Scores of each image; null for those that do not apply to the model.</summary>
    /// <param name="images">N.</param>
    /// <param name="codeLength">D; 0 to keep no codes, and to skip <see cref="MseZ"/>.</param>
    private sealed class ImageScores(int images, int codeLength)
    {
        public bool KeepsCodes => codeLength > 0;

        /// <summary>(N, D), the codes.</summary>
        public float[] Codes { get; } = new float[images * codeLength];

        /// <summary>Number of correctly classified images.</summary>
        public int? Hits { get; set; }

        public WinnersOfImages Winners { get; } = new(images);

        /// <summary>Per-pixel MSE of D(v), the decoded code, of each image.</summary>
        public double[]? MseE { get; set; }

        /// <summary>Per-pixel MSE of D(w), the decoded codebook vector of the BMU, of each image.</summary>
        public double[]? MseQ { get; set; }

        /// <summary>Per-pixel MSE of D(z), the decoded drawn code, of each image.</summary>
        public double[]? MseZ { get; set; }

        /// <summary>Copies the codes of consecutive images.</summary>
        public void Keep(DeviceView<float> codes, int start)
        {
            if (KeepsCodes)
            {
                codes.CopyTo(Codes.AsSpan(start * codeLength, codes.Length));
            }
        }
    }
}
