using System.Numerics;

namespace GenSomAttn.Model.Metrics;

/// <summary>
/// Squared maximum mean discrepancy (MMD) of two sets of features with the kernel (x · y / D + 1)³, unbiased: its expectation is 0 for
/// samples of one distribution, so it may be slightly negative. It is more reliable than the Fréchet distance for few samples.
/// </summary>
/// <remarks>
/// Mean of the kernel within the first set, plus that within the second (both without the diagonal), minus twice that between the
/// sets. Source: Bińkowski et al., "Demystifying MMD GANs", 2018, there called KID.
/// </remarks>
public static class KernelDistance
{
    /// <summary>Computes the distance over all pairs.</summary>
    /// <param name="first">(N, D), at least two.</param>
    /// <param name="second">(M, D), at least two.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or a set has a single sample.</exception>
    public static double Between(Rows<double> first, Rows<double> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count < 2 || second.Count < 2)
        {
            throw new ArgumentException($"{first.Count} and {second.Count} samples: each set needs at least two to have pairs.");
        }

        return MeanWithin(first) + MeanWithin(second) - (2 * MeanBetween(first, second));
    }

    /// <summary>Computes the distances of random subsets of both sets: their mean and population standard deviation.</summary>
    /// <param name="first">(N, D).</param>
    /// <param name="second">Subsets of the other set; the same number and size is drawn from the first.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or the first set is smaller than a subset.</exception>
    public static Spread OfSubsets(Rows<double> first, KernelSubsets second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (second.Size > first.Count)
        {
            throw new ArgumentException($"Subsets of {second.Size} cannot be drawn from a set of {first.Count}.");
        }

        double[] distances = new double[second.Count];
        for (int subset = 0; subset < distances.Length; subset++)
        {
            Rows<double> drawn = first.Select(Subset.Draw(first.Count, second.Size, second.Seed, 2 * subset));
            distances[subset] = MeanWithin(drawn) + second.MeanWithin(subset) - (2 * MeanBetween(drawn, second.Draw(subset)));
        }

        return Spread.Of(distances);
    }

    /// <summary>Computes the mean of the kernel over the pairs of different samples of a set.</summary>
    internal static double MeanWithin(Rows<double> rows)
    {
        double[] rowSums = new double[rows.Count];
        RowProducts.VisitPairs(rows, (row, _, products) => rowSums[row] += KernelSum(products, rows.Dimension));
        return 2 * rowSums.Sum() / ((double)rows.Count * (rows.Count - 1));
    }

    private static double MeanBetween(Rows<double> a, Rows<double> b)
    {
        double[] rowSums = new double[a.Count];
        RowProducts.Visit(a, b, (row, _, products) => rowSums[row] += KernelSum(products, a.Dimension));
        return rowSums.Sum() / ((double)a.Count * b.Count);
    }

    /// <summary>
    /// Computes the sum of the kernel of a segment of a row. Sums of a row are added from left to right and those of the rows from first to
    /// last, so that the result does not depend on the number of threads.
    /// </summary>
    private static double KernelSum(ReadOnlySpan<double> products, int dimension)
    {
        double scale = 1.0 / dimension;
        Vector<double> sums = default;
        int i = 0;
        for (; i <= products.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> inner = (new Vector<double>(products[i..]) * scale) + Vector<double>.One;
            sums += inner * inner * inner;
        }

        double sum = Vector.Sum(sums);
        for (; i < products.Length; i++)
        {
            double inner = (products[i] * scale) + 1;
            sum += inner * inner * inner;
        }

        return sum;
    }
}
