namespace GenSomAttn.Model.Metrics;

/// <summary>Sign test of paired differences: whether one of two models is better in more seeds than chance explains.</summary>
/// <param name="Mean">Mean of all differences.</param>
/// <param name="Above">Number of differences above 0.</param>
/// <param name="Below">Number of differences below 0; differences of 0 are in neither.</param>
public sealed record SignTest(double Mean, int Above, int Below)
{
    /// <summary>Smallest number of pairs that can have a <see cref="P"/> below 0.05: 2 / 2⁶ = 0.03.</summary>
    public const int MinPairs = 6;

    /// <summary>
    /// Two-sided probability of a split at least as uneven if both signs were equally likely: min(1, 2 Σ over k ≤ least of C(n, k) / 2ⁿ).
    /// </summary>
    public double P
    {
        get
        {
            int pairs = Above + Below;
            double term = Math.Pow(0.5, pairs);
            double tail = 0;
            for (int k = 0; k <= Math.Min(Above, Below); k++)
            {
                tail += term;
                term *= (double)(pairs - k) / (k + 1);
            }

            return Math.Min(1, 2 * tail);
        }
    }

    /// <summary>Counts the signs of differences, at least one.</summary>
    public static SignTest Of(IReadOnlyList<double> differences)
    {
        ArgumentNullException.ThrowIfNull(differences);
        return new SignTest(
            differences.Average(), differences.Count(difference => difference > 0), differences.Count(difference => difference < 0));
    }
}
