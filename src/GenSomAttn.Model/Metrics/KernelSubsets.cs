namespace GenSomAttn.Model.Metrics;

/// <summary>
/// Random subsets of a set of features, each without replacement, with the mean kernel within each, which is cached for all
/// comparisons by <see cref="KernelDistance.OfSubsets"/>.
/// </summary>
public sealed class KernelSubsets
{
    private readonly Rows<double> _features;
    private readonly double?[] _within;

    /// <summary>Defines the subsets.</summary>
    /// <param name="features">(N, D).</param>
    /// <param name="seed">Seed of the subsets, and of those of the sets that they are compared with.</param>
    /// <param name="count">Number of subsets.</param>
    /// <param name="size">Samples of a subset, at least two.</param>
    /// <exception cref="ArgumentException">There are fewer samples than in a subset.</exception>
    public KernelSubsets(Rows<double> features, ulong seed, int count = 100, int size = 1000)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 2);
        if (size > features.Count)
        {
            throw new ArgumentException($"Subsets of {size} cannot be drawn from a set of {features.Count}.");
        }

        _features = features;
        _within = new double?[count];
        (Seed, Size) = (seed, size);
    }

    /// <summary>Seed of the subsets.</summary>
    public ulong Seed { get; }

    /// <summary>Number of subsets.</summary>
    public int Count => _within.Length;

    /// <summary>Number of samples of a subset.</summary>
    public int Size { get; }

    /// <summary>Draws a subset, (Size, D).</summary>
    internal Rows<double> Draw(int subset) => _features.Select(Subset.Draw(_features.Count, Size, Seed, (2 * subset) + 1));

    /// <summary>Computes the mean kernel within a subset, cached.</summary>
    internal double MeanWithin(int subset) => _within[subset] ??= KernelDistance.MeanWithin(Draw(subset));
}
