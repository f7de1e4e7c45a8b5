using MathNet.Numerics.LinearAlgebra;

namespace GenSomAttn.Model.Clustering;

/// <summary>Weighted sums over codes x, from which mean and covariance follow; the weight of a code is its responsibility r.</summary>
/// <param name="about">
/// c, (D), a point near the mean: the nearer, the less cancellation when the offset is subtracted from the covariance.
/// </param>
internal sealed class WeightedMoments(double[] about)
{
    private const double MinCount = 1e-10; // keeps a component without codes finite, as in scikit-learn

    /// <summary>D.</summary>
    public int Dimension => about.Length;

    /// <summary>c.</summary>
    public ReadOnlySpan<double> About => about;

    /// <summary>Σ r.</summary>
    public double Weight { get; set; }

    /// <summary>Σ r (x - c), (D).</summary>
    public double[] First { get; } = new double[about.Length];

    /// <summary>Σ r (x - c) (x - c)ᵀ, (D, D), lower triangle only.</summary>
    public double[] Second { get; } = new double[about.Length * about.Length];

    private double Count => Weight + MinCount;

    /// <summary>Computes element d of the mean.</summary>
    public double Mean(int d) => about[d] + (First[d] / Count);

    /// <summary>Computes the Cholesky factor of the shrunk covariance.</summary>
    public Matrix<double> Factor() => CovarianceShrinkage.Shrunk(Dimension, Count, (row, column) =>
        (Second[(row * Dimension) + column] / Count) - (First[row] / Count * (First[column] / Count))).Cholesky().Factor;
}
