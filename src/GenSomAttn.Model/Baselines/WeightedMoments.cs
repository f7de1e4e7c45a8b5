using GenSomAttn.Model.Sampling;
using MathNet.Numerics.LinearAlgebra;

namespace GenSomAttn.Model.Baselines;

/// <summary>Sums over codes x, each counted by its share, from which follow their mean and covariance.</summary>
/// <param name="about">
/// c, (D), some point near the mean: the nearer, the fewer digits are lost when its distance to the mean is taken off the covariance.
/// </param>
internal sealed class WeightedMoments(double[] about)
{
    private const double MinCount = 1e-10; // keeps a distribution that lost all its codes finite, as scikit-learn does

    /// <summary>D.</summary>
    public int Dimension => about.Length;

    /// <summary>c.</summary>
    public ReadOnlySpan<double> About => about;

    /// <summary>Σ share.</summary>
    public double Weight { get; set; }

    /// <summary>Σ share (x - c), (D).</summary>
    public double[] First { get; } = new double[about.Length];

    /// <summary>Σ share (x - c) (x - c)ᵀ, (D, D); nothing above the diagonal.</summary>
    public double[] Second { get; } = new double[about.Length * about.Length];

    private double Count => Weight + MinCount;

    /// <summary>Element d of the mean.</summary>
    public double Mean(int d) => about[d] + (First[d] / Count);

    /// <summary>The Cholesky factor of the shrunk covariance.</summary>
    public Matrix<double> Factor() => CovarianceShrinkage.Shrunk(Dimension, Count, (row, column) =>
        (Second[(row * Dimension) + column] / Count) - (First[row] / Count * (First[column] / Count))).Cholesky().Factor;
}
