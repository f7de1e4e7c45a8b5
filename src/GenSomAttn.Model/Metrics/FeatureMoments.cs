using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace GenSomAttn.Model.Metrics;

/// <summary>Mean and covariance of features, the input of a Fréchet distance.</summary>
public sealed class FeatureMoments
{
    private const double MachineEpsilon = 2.220446049250313e-16;

    /// <summary>Creates moments from known values.</summary>
    /// <param name="mean">(D).</param>
    /// <param name="covariance">(D, D), symmetric.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public FeatureMoments(Rows<double> mean, Rows<double> covariance)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(covariance);
        mean.CheckSameDimension(covariance);
        if (mean.Count != 1 || covariance.Count != mean.Dimension)
        {
            throw new ArgumentException($"A mean of {mean.Dimension} numbers needs a covariance of as many rows, not {covariance.Count}.");
        }

        Mean = mean;
        Covariance = covariance;
    }

    /// <summary>(1, D).</summary>
    public Rows<double> Mean { get; }

    /// <summary>(D, D).</summary>
    public Rows<double> Covariance { get; }

    /// <summary>D.</summary>
    public int Dimension => Mean.Dimension;

    /// <summary>Sum of the variances.</summary>
    public double Trace => Enumerable.Range(0, Dimension).Sum(d => Covariance[d][d]);

    /// <summary>Computes the sample moments: the mean, and the covariance Σ (x - mean) (x - mean)ᵀ / (N - 1).</summary>
    /// <param name="features">(N, D), at least two.</param>
    /// <exception cref="ArgumentException">One sample has no covariance.</exception>
    public static FeatureMoments Of(Rows<double> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        (int count, int dimension) = (features.Count, features.Dimension);
        if (count < 2)
        {
            throw new ArgumentException("One sample has no covariance: give at least two.", nameof(features));
        }

        double[] mean = new double[dimension];
        for (int n = 0; n < count; n++)
        {
            for (int d = 0; d < dimension; d++)
            {
                mean[d] += features[n][d];
            }
        }

        for (int d = 0; d < dimension; d++)
        {
            mean[d] /= count;
        }

        double[] deviations = new double[dimension * count]; // (D, N): then the covariance is a product of rows
        double scale = 1 / Math.Sqrt(count - 1);
        for (int n = 0; n < count; n++)
        {
            for (int d = 0; d < dimension; d++)
            {
                deviations[(d * count) + n] = scale * (features[n][d] - mean[d]);
            }
        }

        var rows = new Rows<double>(deviations, count);
        return new FeatureMoments(new Rows<double>(mean, dimension), RowProducts.Of(rows, rows));
    }

    /// <summary>Computes the eigenvalues of the covariance, ascending; those below the rounding error are 0.</summary>
    public IReadOnlyList<double> Spectrum() => WithoutRounding(SymmetricEigenvalues.Of(Covariance));

    /// <summary>
    /// Computes a factor F of the covariance, (rank, D), with Fᵀ F = covariance: rows √eigenvalue · eigenvector, without zeros.
    /// </summary>
    /// <returns>The factor; null if the covariance is 0.</returns>
    internal Rows<double>? Factor()
    {
        (double[] values, double[] vectors) = Decompose(Covariance);
        int first = values.Count(value => value == 0);
        if (first == Dimension)
        {
            return null;
        }

        for (int i = first * Dimension; i < vectors.Length; i++)
        {
            vectors[i] *= Math.Sqrt(values[i / Dimension]);
        }

        return new Rows<double>(vectors.AsMemory(first * Dimension), Dimension);
    }

    /// <summary>
    /// Computes the eigendecomposition of a positive semidefinite matrix: eigenvalues, ascending, and eigenvectors as rows.
    /// </summary>
    private static (double[] Values, double[] Vectors) Decompose(Rows<double> symmetric)
    {
        int size = symmetric.Count;
        Evd<double> parts = new DenseMatrix(size, size, symmetric.Values.ToArray()).Evd(
            MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        double[] values = [.. parts.EigenValues.Select(value => value.Real)];
        return (WithoutRounding(values), parts.EigenVectors.ToColumnMajorArray());
    }

    /// <summary>Sets eigenvalues of 0 that rounding has changed to 0 again.</summary>
    /// <remarks>
    /// By rounding, an eigenvalue of 0 becomes about ±10⁻¹⁶ of the largest, and its root, 10⁻⁸, would count. Eigenvalues below the bound
    /// D · 2.2e-16 · largest are therefore set to 0.
    /// </remarks>
    /// <param name="values">Eigenvalues of a positive semidefinite matrix, ascending; changed.</param>
    internal static double[] WithoutRounding(double[] values)
    {
        double bound = values.Length * MachineEpsilon * Math.Max(values[^1], 0);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = values[i] > bound ? values[i] : 0;
        }

        return values;
    }
}
