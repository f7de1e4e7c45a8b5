using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Metrics;

/// <summary>
/// Topographic product, a measure of the map's dimension against that of the data: 0 if grid neighborhoods match those of the
/// codebook, below 0 if the grid has too few dimensions and is folded, above 0 if it has too many.
/// </summary>
/// <remarks>
/// P = 1/(U (U - 1)) Σⱼ Σₖ (1/2k) Σ over l ≤ k of ln [d(j, a) g(j, a) / (d(j, v) g(j, v))], with d the Euclidean distance of codebook
/// vectors, g that of units on the grid, a and v the l-th nearest unit of j by g and by d. Units at equal distances on the grid are
/// tied: P is averaged over all their orders, which is exact since P is linear in the logarithms, and so a mirrored map has the same
/// product. Source: Bauer and Pawelzik, "Quantifying the neighborhood preservation of self-organizing feature maps", 1992.
/// </remarks>
public static class TopographicProduct
{
    /// <summary>Computes P of a codebook; null on a map of one unit and if two units have the same vector (division by 0).</summary>
    /// <param name="codebook">(U, D).</param>
    /// <param name="grid">Positions of the units.</param>
    public static double? Of(Rows<float> codebook, MapGrid grid)
    {
        ArgumentNullException.ThrowIfNull(codebook);
        int units = codebook.Count;
        if (units == 1)
        {
            return null;
        }

        double sum = 0;
        for (int unit = 0; unit < units; unit++)
        {
            (double[] onGrid, double[] ofVectors) = LogsOfSquaredDistances(codebook, grid, unit);
            if (ofVectors.Contains(double.NegativeInfinity))
            {
                return null;
            }

            double[][] numerator = [InOrder(onGrid, ofVectors), InOrder(onGrid, onGrid)];
            double[][] denominator = [InOrder(ofVectors, ofVectors), InOrder(ofVectors, onGrid)];
            double logs = 0;
            for (int k = 1; k < units; k++)
            {
                logs += numerator[0][k - 1] + numerator[1][k - 1] - denominator[0][k - 1] - denominator[1][k - 1];
                sum += logs / (2 * k);
            }
        }

        return 0.5 * sum / ((double)units * (units - 1)); // half: the logarithms are of squared distances
    }

    private static (double[] OnGrid, double[] OfVectors) LogsOfSquaredDistances(Rows<float> codebook, MapGrid grid, int unit)
    {
        int[] others = [.. Enumerable.Range(0, codebook.Count).Where(other => other != unit)];
        double[] onGrid = new double[others.Length];
        double[] ofVectors = new double[others.Length];
        for (int i = 0; i < others.Length; i++)
        {
            onGrid[i] = Math.Log(grid.SquaredHalfCells(others[i], unit) / 4.0);
            double squared = 0;
            for (int d = 0; d < codebook.Dimension; d++)
            {
                double difference = (double)codebook[others[i]][d] - codebook[unit][d];
                squared += difference * difference;
            }

            ofVectors[i] = Math.Log(squared);
        }

        return (onGrid, ofVectors);
    }

    /// <summary>Sorts the values by ascending keys; values of equal keys are replaced by their mean.</summary>
    private static double[] InOrder(double[] keys, double[] values)
    {
        double[] sortedKeys = [.. keys];
        double[] sorted = [.. values];
        Array.Sort(sortedKeys, sorted);
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sortedKeys[end] == sortedKeys[start])
            {
                end++;
            }

            Span<double> equals = sorted.AsSpan(start, end - start);
            double mean = 0;
            foreach (double value in equals)
            {
                mean += value / equals.Length;
            }

            equals.Fill(mean);
        }

        return sorted;
    }
}
