namespace GenSomAttn.Model.Metrics;

/// <summary>
/// Squared Fréchet distance of two sets of features, each modeled as a normal distribution. On the features of a classifier trained here
/// it is called FCD; it is not comparable with the distance on other features.
/// </summary>
/// <remarks>
/// |m₁ - m₂|² + Tr C₁ + Tr C₂ - 2 Tr (C₁ C₂)^½. With C₁ = Fᵀ F by Cholesky, F C₂ Fᵀ has the nonzero eigenvalues of C₁ C₂, and they are
/// real: the trace is the sum of their roots. There are no complex numbers and no regularization of the diagonal, and singular
/// covariances need no special case. For equal sets it is 0 up to rounding, which may make it negative; it is not clamped.
/// Source: Dowson and Landau 1982; Heusel et al. 2017.
/// </remarks>
public static class FrechetDistance
{
    /// <summary>Computes the distance of two sets of features.</summary>
    /// <param name="first">(N, D), at least two.</param>
    /// <param name="second">(M, D), at least two.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or a set has a single sample.</exception>
    public static double Between(Rows<double> first, Rows<double> second) => Between(FeatureMoments.Of(first), FeatureMoments.Of(second));

    /// <summary>Computes the distance of two normal distributions.</summary>
    /// <param name="first">Moments of D features.</param>
    /// <param name="second">Moments of D features.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static double Between(FeatureMoments first, FeatureMoments second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        first.Mean.CheckSameDimension(second.Mean);
        double apart = 0;
        for (int d = 0; d < first.Dimension; d++)
        {
            double difference = first.Mean[0][d] - second.Mean[0][d];
            apart += difference * difference;
        }

        return apart + first.Trace + second.Trace - (2 * TraceOfRoot(first, second));
    }

    /// <summary>
    /// Computes the floor: the expected distance of two independent sample sets of the same normal distribution,
    /// (Σ λᵢ + Σᵢⱼ λᵢ λⱼ (1 + δᵢⱼ) / (2 (λᵢ + λⱼ))) (1/N + 1/M), with the eigenvalues λ of its covariance.
    /// </summary>
    /// <remarks>
    /// Second-order expansion in the errors of mean and covariance. It holds for many more samples than features: 1,000 samples of 64
    /// features have a distance 1 % above it.
    /// </remarks>
    /// <param name="moments">Moments of the distribution, as measured on real samples.</param>
    /// <param name="firstCount">N.</param>
    /// <param name="secondCount">M.</param>
    public static double PredictedFloor(FeatureMoments moments, int firstCount, int secondCount)
    {
        ArgumentNullException.ThrowIfNull(moments);
        double[] spectrum = [.. moments.Spectrum().Where(value => value > 0)];
        double sum = spectrum.Sum();
        for (int i = 0; i < spectrum.Length; i++)
        {
            for (int j = 0; j < spectrum.Length; j++)
            {
                double pair = spectrum[i] * spectrum[j] / (2 * (spectrum[i] + spectrum[j]));
                sum += i == j ? 2 * pair : pair;
            }
        }

        return sum * ((1.0 / firstCount) + (1.0 / secondCount));
    }

    private static double TraceOfRoot(FeatureMoments first, FeatureMoments second)
    {
        if (PivotedCholesky.Of(first.Covariance) is not { } factor)
        {
            return 0;
        }

        Rows<double> product = RowProducts.Of(RowProducts.Of(factor, second.Covariance), factor);
        return FeatureMoments.WithoutRounding(SymmetricEigenvalues.Of(product)).Sum(Math.Sqrt);
    }
}
