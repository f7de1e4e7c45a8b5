using System.Diagnostics;

namespace GenSomAttn.Model.Metrics;

/// <summary>
/// Precision, recall, density and coverage of generated samples, with k-nearest-neighbor balls as estimates of the two manifolds.
/// </summary>
/// <param name="Precision">Share of generated samples inside any ball of a real one.</param>
/// <param name="Recall">Share of real samples inside any ball of a generated one.</param>
/// <param name="Density">Mean number of balls of real samples around a generated one, divided by k; it may exceed 1.</param>
/// <param name="Coverage">Share of real samples whose ball contains a generated one.</param>
/// <remarks>
/// A sample on the surface of a ball is outside. Two sets of the same distribution have density 1 and coverage near 1, but precision
/// and recall well below 1 in many dimensions. Sources: Kynkäänniemi et al., "Improved precision and recall metric", 2019; Naeem et
/// al., "Reliable fidelity and diversity metrics", 2020.
/// </remarks>
public sealed record Prdc(double Precision, double Recall, double Density, double Coverage)
{
    /// <summary>Compares two sets of features.</summary>
    /// <param name="real">(N, D), more than k.</param>
    /// <param name="made">(M, D), more than k.</param>
    /// <param name="k">Rank of the neighbor that defines a ball's radius, without the sample itself.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or a set has no k-th neighbor.</exception>
    public static Prdc Of(Rows<double> real, Rows<double> made, int k = 5) => Of(NeighborBalls.Of(real, k), NeighborBalls.Of(made, k));

    /// <summary>Compares two sets of features with precomputed balls.</summary>
    /// <param name="real">N samples.</param>
    /// <param name="made">M samples, with balls of the same k.</param>
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
            double ofRow = real.SquaredRadii[row];
            ReadOnlySpan<double> ofColumns = made.SquaredRadii.Slice(firstColumn, distances.Length);
            for (int i = -1; (i = Bounds.NextBelow(distances, i + 1, ofRow, ofColumns)) < distances.Length;)
            {
                recalled[row] |= distances[i] < ofColumns[i];
                if (distances[i] < ofRow)
                {
                    covered[row] = true;
                    Interlocked.Increment(ref ballsAround[firstColumn + i]); // atomic: other threads visit other rows of the same column
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
