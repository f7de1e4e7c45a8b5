using System.Diagnostics;

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
    public static Prdc Of(Rows<double> real, Rows<double> made, int k = 5) => Of(NeighborBalls.Of(real, k), NeighborBalls.Of(made, k));

    /// <summary>Compares two sets of features whose balls are known.</summary>
    /// <param name="real">N samples.</param>
    /// <param name="made">M samples, with balls to the same neighbor.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static Prdc Of(NeighborBalls real, NeighborBalls made)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(made);
        Debug.Assert(real.Neighbor == made.Neighbor, "Balls that reach to different neighbors cannot be compared.");
        bool[] recalled = new bool[real.Count];
        bool[] covered = new bool[real.Count];
        int[] ballsAround = new int[made.Count];
        RowProducts.VisitSquaredDistances(real.Centers, made.Centers, (row, firstColumn, distances) =>
        {
            for (int i = 0; i < distances.Length; i++)
            {
                int column = firstColumn + i;
                recalled[row] |= distances[i] < made.SquaredRadius(column);
                if (distances[i] < real.SquaredRadius(row))
                {
                    covered[row] = true;
                    Interlocked.Increment(ref ballsAround[column]); // other threads have other rows of the same column
                }
            }
        });
        return new Prdc(
            (double)ballsAround.Count(balls => balls > 0) / made.Count,
            (double)recalled.Count(isRecalled => isRecalled) / real.Count,
            ballsAround.Sum(balls => (double)balls) / ((double)real.Neighbor * made.Count),
            (double)covered.Count(isCovered => isCovered) / real.Count);
    }
}
