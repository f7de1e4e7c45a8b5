namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// Squared Fréchet distance of two sets of features, each seen as a normal distribution. On the features of a classifier trained here it
/// is called FCD; it is never comparable with one on other features.
/// </summary>
/// <remarks>
/// |m₁ - m₂|² + Tr C₁ + Tr C₂ - 2 Tr (C₁ C₂)^½. With C₁ = Fᵀ F by its eigenvectors, the eigenvalues of F C₂ Fᵀ are those of C₁ C₂ but
/// for zeros, and real: the trace is the sum of their roots. Nothing complex, nothing added to the diagonals, and singular covariances
/// are no exception. Of equal sets it is 0 but for rounding, which may make it negative; it is not cut off. Source: Dowson and Landau
/// 1982; Heusel et al. 2017.
/// </remarks>
public static class FrechetDistance
{
    /// <summary>Between two sets of features.</summary>
    /// <param name="first">(N, D), at least two.</param>
    /// <param name="second">(M, D), at least two.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or a set has a single sample.</exception>
    public static double Between(Rows<double> first, Rows<double> second) => Between(FeatureMoments.Of(first), FeatureMoments.Of(second));

    /// <summary>Between two normal distributions.</summary>
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
    /// What the distance of two independent sets of the same normal distribution is on average:
    /// (Σ λᵢ + Σᵢⱼ λᵢ λⱼ (1 + δᵢⱼ) / (2 (λᵢ + λⱼ))) (1/N + 1/M), with the eigenvalues λ of its covariance.
    /// </summary>
    /// <remarks>
    /// The expansion to second order in the errors of mean and covariance. It holds for many more samples than features: 1,000 samples of
    /// 64 features come out 1 % above it.
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

    /// <summary>The distance of two random halves of one set: to be compared with the floor that is predicted for halves.</summary>
    /// <param name="features">(N, D), at least four; of an odd number one is left out.</param>
    /// <param name="seed">Chooses the halves.</param>
    /// <exception cref="ArgumentException">There are fewer than four.</exception>
    public static double OfHalves(Rows<double> features, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count < 4)
        {
            throw new ArgumentException($"{features.Count} samples have no halves of two: give at least four.", nameof(features));
        }

        int half = features.Count / 2;
        int[] order = Subset.Draw(features.Count, 2 * half, seed);
        return Between(features.Select(order.AsSpan(0, half)), features.Select(order.AsSpan(half)));
    }

    private static double TraceOfRoot(FeatureMoments first, FeatureMoments second)
    {
        if (first.Factor() is not { } factor)
        {
            return 0;
        }

        Rows<double> product = RowProducts.Of(RowProducts.Of(factor, second.Covariance), factor);
        return FeatureMoments.Decompose(product).Values.Sum(Math.Sqrt);
    }
}
