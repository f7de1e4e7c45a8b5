using GenSomAttn.Engine.Som;

namespace GenSomAttn.Model.Evaluation;

/// <summary>The two nearest units of each of some images, brought to the host batch by batch, and the scores that follow from them alone.</summary>
/// <param name="images">N, images.</param>
internal sealed class WinnersOfImages(int images)
{
    private readonly int[] _second = new int[images];
    private readonly float[] _squaredDistances = new float[2 * images];

    /// <summary>(N), the nearest unit of each.</summary>
    public int[] Bmu { get; } = new int[images];

    /// <summary>Keeps the winners of consecutive images.</summary>
    /// <param name="winners">Of some images.</param>
    /// <param name="start">The first of them.</param>
    public void Take(Winners winners, int start)
    {
        int count = winners.Bmu.Length;
        winners.Bmu.CopyTo(Bmu.AsSpan(start, count));
        winners.Second.CopyTo(_second.AsSpan(start, count));
        winners.SquaredDistances.CopyTo(_squaredDistances.AsSpan(2 * start, 2 * count));
    }

    /// <summary>Mean squared distance to the nearest unit.</summary>
    public double MeanSquaredDistance()
    {
        double sum = 0;
        for (int n = 0; n < images; n++)
        {
            sum += _squaredDistances[2 * n];
        }

        return sum / images;
    }

    /// <summary>How often units and labels occur together.</summary>
    public Contingency Contingency(SelfOrganizingMap map, ReadOnlySpan<byte> labels, int classes) => new(Bmu, labels, map.Units, classes);

    /// <summary>Every score that needs no image.</summary>
    /// <param name="map">Whose units they are.</param>
    /// <param name="labels">(N).</param>
    /// <param name="classes">Number of classes that labels name.</param>
    public EvaluationResult Score(SelfOrganizingMap map, ReadOnlySpan<byte> labels, int classes)
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
