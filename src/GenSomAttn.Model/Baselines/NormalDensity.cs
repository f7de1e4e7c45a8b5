using MathNet.Numerics.LinearAlgebra;

namespace GenSomAttn.Model.Baselines;

/// <summary>A weighted normal density as it is quickest to compute: ln w N(x; m, L Lᵀ) = constant - |A x - b|² / 2.</summary>
/// <param name="Constant">ln w - (D/2) ln 2π - ln det L.</param>
/// <param name="Inverse">A = L⁻¹, (D, D), row by row; above its diagonal zeros. Behind an odd number of rows one more of zeros.</param>
/// <param name="Center">b = L⁻¹ m, (D), and a zero behind an odd number.</param>
internal readonly record struct NormalDensity(double Constant, double[] Inverse, double[] Center)
{
    /// <summary>Inverts a factor.</summary>
    /// <param name="weight">w.</param>
    /// <param name="mean">m, (D).</param>
    /// <param name="factor">L, (D, D), the Cholesky factor of the covariance.</param>
    public static NormalDensity Of(double weight, double[] mean, Matrix<double> factor)
    {
        int dimension = mean.Length;
        int rows = dimension + (dimension % 2);
        Matrix<double> inverse = factor.Inverse();
        double[] padded = new double[rows * dimension];
        inverse.ToRowMajorArray().CopyTo(padded, 0);
        double[] center = new double[rows];
        inverse.Multiply(Vector<double>.Build.Dense(mean)).AsArray().CopyTo(center, 0);
        return new NormalDensity(
            Math.Log(weight) - (0.5 * dimension * Math.Log(2 * Math.PI)) - factor.Diagonal().Sum(Math.Log), padded, center);
    }
}
