namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// How far made samples lie where real ones do, and the reverse, by balls around each sample that reach to its k-th nearest neighbor
/// among its own kind.
/// </summary>
/// <param name="Precision">Share of made samples inside any ball of a real one.</param>
/// <param name="Recall">Share of real samples inside any ball of a made one.</param>
/// <param name="Density">Balls of real samples around a made one, on average, divided by k; it may exceed 1.</param>
/// <param name="Coverage">Share of real samples whose ball holds a made one.</param>
/// <remarks>
/// A sample on the surface of a ball is outside. Two sets of the same distribution reach density 1 and coverage near 1, yet precision
/// and recall well below 1 in many dimensions. Sources: Kynkäänniemi et al., "Improved precision and recall metric", 2019; Naeem et
/// al., "Reliable fidelity and diversity metrics", 2020.
/// </remarks>
public sealed record Prdc(double Precision, double Recall, double Density, double Coverage)
{
    /// <summary>Compares two sets of features.</summary>
    /// <param name="real">(N, D), more than k.</param>
    /// <param name="made">(M, D), more than k.</param>
    /// <param name="k">Which neighbor a ball reaches to, not counting the sample itself.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or a set has no k-th neighbor.</exception>
    public static Prdc Of(Rows<double> real, Rows<double> made, int k = 5)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(made);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        double[] realRadii = SquaredRadii(real, k);
        double[] madeRadii = SquaredRadii(made, k);
        bool[] recalled = new bool[real.Count];
        bool[] covered = new bool[real.Count];
        int[] ballsAround = new int[made.Count];
        RowProducts.VisitSquaredDistances(real, made, (row, firstColumn, distances) =>
        {
            for (int i = 0; i < distances.Length; i++)
            {
                int column = firstColumn + i;
                recalled[row] |= distances[i] < madeRadii[column];
                if (distances[i] < realRadii[row])
                {
                    covered[row] = true;
                    Interlocked.Increment(ref ballsAround[column]); // other threads have other rows of the same column
                }
            }
        });
        return new Prdc(
            (double)ballsAround.Count(balls => balls > 0) / made.Count,
            (double)recalled.Count(isRecalled => isRecalled) / real.Count,
            ballsAround.Sum(balls => (double)balls) / ((double)k * made.Count),
            (double)covered.Count(isCovered => isCovered) / real.Count);
    }

    /// <summary>Squared distance of each row to its k-th nearest other one.</summary>
    private static double[] SquaredRadii(Rows<double> rows, int k)
    {
        if (rows.Count <= k)
        {
            throw new ArgumentException($"Of {rows.Count} samples none has a neighbor number {k}: give at least {k + 1}, or a smaller k.");
        }

        double[] nearest = new double[rows.Count * k]; // (N, k), ascending
        Array.Fill(nearest, double.PositiveInfinity);
        RowProducts.VisitSquaredDistances(rows, rows, (row, firstColumn, distances) =>
        {
            Span<double> smallest = nearest.AsSpan(row * k, k);
            for (int i = 0; i < distances.Length; i++)
            {
                if (distances[i] < smallest[^1] && firstColumn + i != row)
                {
                    Insert(smallest, distances[i]);
                }
            }
        });
        return [.. Enumerable.Range(1, rows.Count).Select(n => nearest[(n * k) - 1])];
    }

    /// <summary>Puts a value in its place among ascending ones; the last drops out.</summary>
    private static void Insert(Span<double> ascending, double value)
    {
        int place = ascending.Length - 1;
        while (place > 0 && ascending[place - 1] > value)
        {
            ascending[place] = ascending[place - 1];
            place--;
        }

        ascending[place] = value;
    }
}
