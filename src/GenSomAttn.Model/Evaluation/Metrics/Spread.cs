namespace GenSomAttn.Model.Evaluation;

/// <summary>Mean and standard deviation of the values that a score takes on several parts of the samples.</summary>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">The root of their mean squared deviation (divided by their number, not by one less).</param>
public readonly record struct Spread(double Mean, double Deviation)
{
    /// <summary>Of at least one value.</summary>
    public static Spread Of(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        return new Spread(mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
