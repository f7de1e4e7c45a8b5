namespace GenSomAttn.Model.Metrics;

/// <summary>Mean and standard deviation of a score over several subsets of the samples.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Deviation">Population standard deviation (divided by n, not n - 1).</param>
public readonly record struct Spread(double Mean, double Deviation)
{
    /// <summary>Computes mean and population standard deviation of at least one value.</summary>
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        return new Spread(mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
