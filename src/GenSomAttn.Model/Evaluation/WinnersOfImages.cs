using GenSomAttn.Engine.Som;

namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// Best and second-best matching units of a set of images, copied to the host batch by batch, and the scores that follow from them.
/// </summary>
/// <param name="images">N, number of images.</param>
internal sealed class WinnersOfImages(int images)
{
    private readonly int[] _second = new int[images];
    private readonly float[] _squaredDistances = new float[2 * images];

    /// <summary>(N), the BMU of each image.</summary>
    public int[] Bmu { get; } = new int[images];

    /// <summary>Stores the BMUs of consecutive images.</summary>
    /// <param name="winners">BMUs of a batch.</param>
    /// <param name="start">Index of the batch's first image.</param>
    public void Take(Winners winners, int start)
    {
        int count = winners.Bmu.Length;
        winners.Bmu.CopyTo(Bmu.AsSpan(start, count));
        winners.Second.CopyTo(_second.AsSpan(start, count));
        winners.SquaredDistances.CopyTo(_squaredDistances.AsSpan(2 * start, 2 * count));
    }

    /// <summary>Computes the mean squared distance to the BMU.</summary>
    public double MeanSquaredDistance()
    {
        double sum = 0;
        for (int n = 0; n < images; n++)
        {
            sum += _squaredDistances[2 * n];
        }

        return sum / images;
    }

    /// <summary>Computes the contingency table of units and labels.</summary>
    public Contingency Contingency(SelfOrganizingMap map, ReadOnlySpan<int> labels, int classes) => new(Bmu, labels, map.Units, classes);

    /// <summary>Computes all scores that need no pixels.</summary>
    /// <param name="map">The map.</param>
    /// <param name="labels">(N).</param>
    /// <param name="classes">Number of classes.</param>
    public EvaluationResult Score(SelfOrganizingMap map, ReadOnlySpan<int> labels, int classes)
    {
        int[] hits = MapQuality.Hits(Bmu, map.Units);
        Contingency contingency = Contingency(map, labels, classes);
        return new EvaluationResult
        {
            Images = images,
            QuantizationError = MapQuality.QuantizationError(_squaredDistances),
            Te4 = MapQuality.TopographicError(Bmu, _second, map.Width, diagonal: false),
            Te8 = MapQuality.TopographicError(Bmu, _second, map.Width, diagonal: true),
            UnitsUsed = MapQuality.UnitsUsed(hits),
            Perplexity = MapQuality.Perplexity(hits),
            Purity = contingency.Purity(),
            Nmi = contingency.NormalizedMutualInformation(),
            NmiGeometric = contingency.GeometricMutualInformation(),
        };
    }
}
