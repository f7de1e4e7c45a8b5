namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// Squared maximum mean discrepancy of two sets of features with the kernel (x · y / D + 1)³, without bias: 0 on average for samples of
/// one distribution, hence now and then slightly negative. The one to trust where samples are few.
/// </summary>
/// <remarks>
/// Mean of the kernel within the first set, plus that within the second (both without a sample's kernel with itself), minus twice that
/// between the sets. Source: Bińkowski et al., "Demystifying MMD GANs", 2018, there called KID.
/// </remarks>
public static class KernelDistance
{
    /// <summary>Of all pairs.</summary>
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

        double between = KernelSum(first, second, isWithin: false) / ((double)first.Count * second.Count);
        return MeanWithin(first) + MeanWithin(second) - (2 * between);
    }

    /// <summary>Of random subsets: mean and standard deviation over them.</summary>
    /// <param name="first">(N, D).</param>
    /// <param name="second">(M, D).</param>
    /// <param name="seed">Chooses the subsets; each is drawn without replacement.</param>
    /// <param name="subsets">Number of subsets.</param>
    /// <param name="size">Samples of each set in a subset.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or a set is smaller than a subset.</exception>
    public static Spread OfSubsets(Rows<double> first, Rows<double> second, ulong seed, int subsets = 100, int size = 1000)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsets, 1);
        if (size > first.Count || size > second.Count)
        {
            throw new ArgumentException($"Subsets of {size} cannot be drawn from sets of {first.Count} and {second.Count}.");
        }

        double[] distances = new double[subsets];
        for (int subset = 0; subset < subsets; subset++)
        {
            distances[subset] = Between(
                first.Select(Subset.Draw(first.Count, size, seed, 2 * subset)),
                second.Select(Subset.Draw(second.Count, size, seed, (2 * subset) + 1)));
        }

        return Spread.Of(distances);
    }

    private static double MeanWithin(Rows<double> rows) =>
        KernelSum(rows, rows, isWithin: true) / ((double)rows.Count * (rows.Count - 1));

    /// <summary>Sum of the kernel over all pairs, without those on the diagonal within one set; row by row, so that threads do not matter.</summary>
    private static double KernelSum(Rows<double> a, Rows<double> b, bool isWithin)
    {
        double[] rowSums = new double[a.Count];
        double scale = 1.0 / a.Dimension;
        RowProducts.Visit(a, b, (row, firstColumn, products) =>
        {
            double sum = 0;
            for (int i = 0; i < products.Length; i++)
            {
                double inner = (products[i] * scale) + 1;
                sum += isWithin && firstColumn + i == row ? 0 : inner * inner * inner;
            }

            rowSums[row] += sum;
        });
        return rowSums.Sum();
    }
}
