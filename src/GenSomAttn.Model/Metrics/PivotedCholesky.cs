using System.Numerics;

namespace GenSomAttn.Model.Metrics;

/// <summary>Cholesky factor of a positive semidefinite matrix of any rank: pivots are taken in descending order.</summary>
internal static class PivotedCholesky
{
    private const double MachineEpsilon = 2.220446049250313e-16;

    /// <summary>Computes F, (rank, D), with Fᵀ F = matrix. It ends at a pivot below the rounding error, D · 2.2e-16 · largest.</summary>
    /// <param name="matrix">(D, D), symmetric.</param>
    /// <returns>The factor; null if the matrix is 0.</returns>
    public static Rows<double>? Of(Rows<double> matrix)
    {
        int size = matrix.Count;
        double[] left = [.. Enumerable.Range(0, size).Select(i => matrix[i][i])]; // what remains of the diagonal
        double bound = size * MachineEpsilon * left.Max();
        double[] columns = new double[size * size]; // (D, rank), of F transposed: a row is read from its begin
        bool[] isDone = new bool[size];
        int rank = 0;
        for (; rank < size; rank++)
        {
            int pivot = -1;
            for (int i = 0; i < size; i++)
            {
                if (!isDone[i] && left[i] > bound && (pivot < 0 || left[i] > left[pivot]))
                {
                    pivot = i;
                }
            }

            if (pivot < 0)
            {
                break;
            }

            double root = Math.Sqrt(left[pivot]);
            ReadOnlySpan<double> pivotRow = columns.AsSpan(pivot * size, rank);
            ReadOnlySpan<double> covariances = matrix[pivot];
            for (int i = 0; i < size; i++)
            {
                if (!isDone[i])
                {
                    double value = i == pivot ? root : (covariances[i] - Dot(columns.AsSpan(i * size, rank), pivotRow)) / root;
                    columns[(i * size) + rank] = value;
                    left[i] -= value * value;
                }
            }

            isDone[pivot] = true;
        }

        return rank == 0 ? null : new Rows<double>(Transposed(columns, size, rank), size);
    }

    private static double[] Transposed(double[] columns, int size, int rank)
    {
        double[] rows = new double[rank * size];
        for (int k = 0; k < rank; k++)
        {
            for (int i = 0; i < size; i++)
            {
                rows[(k * size) + i] = columns[(i * size) + k];
            }
        }

        return rows;
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Vector<double> sums = default;
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            sums += new Vector<double>(x[i..]) * new Vector<double>(y[i..]);
        }

        double sum = Vector.Sum(sums);
        for (; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
