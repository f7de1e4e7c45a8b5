using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels.Shapes;

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

    /// <summary>Computes the mean squared distance to the BMU; null without images.</summary>
    public double? MeanSquaredDistance()
    {
        if (images == 0)
        {
            return null;
        }

        double sum = 0;
        for (int n = 0; n < images; n++)
        {
            sum += _squaredDistances[2 * n];
        }

        return sum / images;
    }

    /// <summary>Computes the contingency table of units and labels; null without images, and for images without labels.</summary>
    /// <param name="map">The map.</param>
    /// <param name="labels">(N).</param>
    /// <param name="classes">Number of classes; 0 for images without labels.</param>
    public Contingency? Contingency(SelfOrganizingMap map, ReadOnlySpan<int> labels, int classes) =>
        images == 0 || classes == 0 ? null : new(Bmu, labels, map.Units, classes);

    /// <summary>Computes all scores that need no pixels; all are null without images.</summary>
    /// <param name="map">The map.</param>
    /// <param name="contingency">Contingency table of units and labels; null leaves out the scores of labels.</param>
    public EvaluationResult Score(SelfOrganizingMap map, Contingency? contingency)
    {
        if (images == 0)
        {
            return new EvaluationResult { Images = 0 };
        }

        int[] hits = MapQuality.Hits(Bmu, map.Units);
        bool hexagons = map.Grid.Lattice == MapLattice.Hexagon;
        return new EvaluationResult
        {
            Images = images,
            QuantizationError = MapQuality.QuantizationError(_squaredDistances),
            Te4 = hexagons ? null : MapQuality.TopographicError(Bmu, _second, map.Grid, diagonal: false),
            Te8 = hexagons ? null : MapQuality.TopographicError(Bmu, _second, map.Grid, diagonal: true),
            Te6 = hexagons ? MapQuality.TopographicError(Bmu, _second, map.Grid, diagonal: false) : null,
            UnitsUsed = MapQuality.UnitsUsed(hits),
            Perplexity = MapQuality.Perplexity(hits),
            Purity = contingency?.Purity(),
            Nmi = contingency?.NormalizedMutualInformation(),
            NmiGeometric = contingency?.GeometricMutualInformation(),
        };
    }
}
