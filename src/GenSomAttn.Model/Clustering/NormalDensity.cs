using System.Numerics;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;

namespace GenSomAttn.Model.Clustering;

/// <summary>A weighted normal density in the form that is fastest to evaluate: ln w N(x; m, L Lᵀ) = constant - |A x - b|² / 2.</summary>
/// <param name="Constant">ln w - (D/2) ln 2π - ln det L.</param>
/// <param name="Inverse">A = L⁻¹, (D, D), row-major, lower triangular, padded to an even number of rows with a row of zeros.</param>
/// <param name="Center">b = L⁻¹ m, (D), padded to an even number with a zero.</param>
internal readonly record struct NormalDensity(double Constant, double[] Inverse, double[] Center)
{
    /// <summary>Inverts a Cholesky factor by forward substitution.</summary>
    /// <param name="weight">w.</param>
    /// <param name="mean">m, (D).</param>
    /// <param name="factor">L, (D, D), the Cholesky factor of the covariance.</param>
    public static NormalDensity Of(double weight, ReadOnlySpan<double> mean, Matrix factor)
    {
        int dimension = mean.Length;
        int rows = dimension + (dimension % 2);
        double[] inverse = new double[rows * dimension];
        double[] center = new double[rows];
        double constant = Math.Log(weight) - (0.5 * dimension * Math.Log(2 * Math.PI));
        for (int row = 0; row < dimension; row++)
        {
            // L A = I: row r of A is the r-th unit vector minus Σ over k < r of L[r, k] times row k, divided by L[r, r].
            Span<double> values = inverse.AsSpan(row * dimension, dimension);
            double diagonal = factor[row, row];
            for (int k = 0; k < row; k++)
            {
                AddMultiple(-factor[row, k] / diagonal, inverse.AsSpan(k * dimension, k + 1), values);
            }

            values[row] = 1 / diagonal;
            constant -= Math.Log(diagonal);
            for (int d = 0; d <= row; d++)
            {
                center[row] += values[d] * mean[d];
            }
        }

        return new NormalDensity(constant, inverse, center);
    }

    /// <summary>Computes sums += factor · values.</summary>
    private static void AddMultiple(double factor, ReadOnlySpan<double> values, Span<double> sums)
    {
        int d = 0;
        for (; d <= values.Length - Vector<double>.Count; d += Vector<double>.Count)
        {
            (new Vector<double>(sums[d..]) + (factor * new Vector<double>(values[d..]))).CopyTo(sums[d..]);
        }

        for (; d < values.Length; d++)
        {
            sums[d] += factor * values[d];
        }
    }
}
