using System.Diagnostics.CodeAnalysis;
using GenSomAttn.Engine.Som;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// All scores of a trained model in one flat record, printed by `evaluate` and compared by `compare`. Scores that do not apply to the
/// model or to the images are null.
/// </summary>
public sealed record ModelEvaluation : EvaluationResult
{
    /// <summary>Number of test images for the scores that are too slow for all of them.</summary>
    private const int FirstImages = 2000;

    /// <summary>Creates a record without scores.</summary>
    public ModelEvaluation()
    {
    }

    /// <summary>Creates a record with the scores of the test images.</summary>
    [SetsRequiredMembers]
    public ModelEvaluation(EvaluationResult result)
        : base(result)
    {
    }

    /// <summary>
    /// Quantization error divided by the mean distance of the codebook vectors of neighboring units, 4 on a rectangle: above 1 images lie
    /// farther from the map than its units from each other, and the two best units of many cannot be neighbors.
    /// </summary>
    public double? QuantizationRatio { get; init; }

    /// <summary>Share of the units whose D(w) resembles no training image, see <see cref="UnitsOffData"/>.</summary>
    public double? UnitsOffData { get; init; }

    /// <summary>See <see cref="Metrics.TopographicProduct"/>.</summary>
    public double? TopographicProduct { get; init; }

    /// <summary>See <see cref="NeighborPreservation"/>, of the first 2,000 test images with k = 10.</summary>
    public double? Trustworthiness { get; init; }

    /// <summary>See <see cref="NeighborPreservation"/>, of the first 2,000 test images with k = 10.</summary>
    public double? Continuity { get; init; }

    /// <summary>See <see cref="AttentionEntropy"/>, of the first batch of test images.</summary>
    public double? AttentionEntropy { get; init; }

    /// <summary>Fréchet distance of the reconstructions D(v) of the test images to the test images.</summary>
    public double? FcdReconstructions { get; init; }

    /// <inheritdoc cref="SampleEvaluator.FcdFloor"/>
    public double? FcdFloor { get; init; }

    /// <inheritdoc cref="SampleEvaluator.FcdReal"/>
    public double? FcdReal { get; init; }

    /// <inheritdoc cref="SampleEvaluator.IsReal"/>
    public double? IsReal { get; init; }

    /// <summary>Scores of generated images, one per sampler.</summary>
    public IReadOnlyList<SamplerScores> Samplers { get; init; } = [];

    /// <summary>Scores a model on a data set.</summary>
    /// <param name="model">The model.</param>
    /// <param name="dataset">Its data.</param>
    /// <param name="samples">Evaluator of generated images; null skips them.</param>
    /// <param name="request">Number and seed of the generated images.</param>
    /// <param name="note">See <see cref="ImageSampler"/>.</param>
    public static ModelEvaluation Of(
        ImageModel model, Dataset dataset, SampleEvaluator? samples, SampleRequest request, Action<string> note)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        var train = new Lazy<CodedImages>(() => CodedImages.Of(model, dataset.Train));
        (EvaluationResult scores, CodedImages test) = new Evaluator(model).Evaluate(dataset, train);
        var evaluation = new ModelEvaluation(scores);

        // A diverged model is evaluated too, but the remaining scores need finite tensors.
        if (!model.Export().All(tensor => tensor.IsFinite))
        {
            return evaluation;
        }

        evaluation = model is SomAttnModel map ? WithMap(evaluation, map, dataset, test) : evaluation;
        evaluation = evaluation with { AttentionEntropy = EntropyOf(model, dataset.Test) };
        return model is GenerativeModel generative && samples is not null
            ? WithSamples(evaluation, generative, new ImageSampler(generative, train, note), test, samples, request)
            : evaluation;
    }

    private static ModelEvaluation WithMap(ModelEvaluation evaluation, SomAttnModel model, Dataset dataset, CodedImages coded)
    {
        SelfOrganizingMap map = model.Map;
        float[] codebook = map.Codebook.ToArray();
        NeighborPreservation? neighbors = NeighborsOf(map, coded);
        return evaluation with
        {
            QuantizationRatio = evaluation.QuantizationError / MapQuality.MeanNeighborDistance(codebook, map.Grid),
            UnitsOffData = Evaluation.UnitsOffData.Of(model, dataset, coded.Codes.Span)?.Share,
            TopographicProduct = Metrics.TopographicProduct.Of(new Rows<float>(codebook, map.Dimension), map.Grid),
            Trustworthiness = neighbors?.Trustworthiness,
            Continuity = neighbors?.Continuity,
        };
    }

    private static NeighborPreservation? NeighborsOf(SelfOrganizingMap map, CodedImages coded)
    {
        const int Neighbors = 10;
        int count = Math.Min(FirstImages, coded.Bmu.Length);
        if (count <= 2 * Neighbors)
        {
            return null;
        }

        Rows<double> codes = new Rows<float>(coded.Codes[..(count * map.Dimension)], map.Dimension).Widened();
        return NeighborPreservation.OfMap(codes, coded.Bmu.Span[..count], map.Grid, Neighbors);
    }

    private static double? EntropyOf(ImageModel model, ImageSet test)
    {
        if (model.AttentionProbs is null || test.Count == 0)
        {
            return null;
        }

        // The probabilities are those of the last batch that was encoded.
        int batch = Math.Min(model.MaxBatch, Math.Min(FirstImages, test.Count));
        using var images = new DeviceImages(model.Backend, test.First(batch), batch);
        model.Encode(images.Range(0, batch), batch);
        AttentionProbs probs = model.AttentionProbs.Value.First(batch);
        return Metrics.AttentionEntropy.AgainstUniform(probs.Values.ToArray(), probs.Shape, probs.Queries);
    }

    private static ModelEvaluation WithSamples(
        ModelEvaluation evaluation, GenerativeModel model, ImageSampler sampler, CodedImages test, SampleEvaluator samples,
        SampleRequest request)
    {
        IEnumerable<SamplerKind> kinds = ModelTraits.Of(model.Settings.Model).Samplers.Where(kind => kind != SamplerKind.Walk);
        return evaluation with
        {
            FcdReconstructions = samples.DistanceToTest(SampleEvaluator.Reconstruct(model, test)),
            FcdFloor = samples.FcdFloor,
            FcdReal = samples.FcdReal,
            IsReal = samples.IsReal,
            Samplers =
            [
                .. kinds.OrderByDescending(kind => kind).Select(kind => SamplerScores.Of(sampler, kind, model.Shape, samples, request)),
            ],
        };
    }
}
