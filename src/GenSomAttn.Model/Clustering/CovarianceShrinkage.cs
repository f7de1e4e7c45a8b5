using MathNet.Numerics.LinearAlgebra.Double;

namespace GenSomAttn.Model.Clustering;

/// <summary>
/// Shrinkage of covariances of few samples: off-diagonal elements are multiplied by n / (n + 32), and 10⁻⁶ is added to the diagonal, so
/// that the matrix is positive definite for any n.
/// </summary>
internal static class CovarianceShrinkage
{
    private const double ShrinkageSamples = 32;
    private const double Ridge = 1e-6;

    /// <summary>Builds a shrunk covariance.</summary>
    /// <param name="dimension">D.</param>
    /// <param name="samples">n.</param>
    /// <param name="covariance">Element (row, column) of the sample covariance, for columns up to the row.</param>
    public static DenseMatrix Shrunk(int dimension, double samples, Func<int, int, double> covariance)
    {
        var shrunk = new DenseMatrix(dimension);
        double shrinkage = samples / (samples + ShrinkageSamples);
        for (int row = 0; row < dimension; row++)
        {
            for (int column = 0; column <= row; column++)
            {
                double value = covariance(row, column);
                value = row == column ? value + Ridge : value * shrinkage;
                shrunk[row, column] = value;
                shrunk[column, row] = value;
            }
        }

        return shrunk;
    }
}
