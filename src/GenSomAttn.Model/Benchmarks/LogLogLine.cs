namespace GenSomAttn.Model.Benchmarks;

/// <summary>Linear regression in log-log coordinates.</summary>
public static class LogLogLine
{
    /// <summary>Computes the least-squares slope, the exponent b of a power law y ∝ xᵇ; NaN for fewer than two values of x.</summary>
    /// <remarks>Σ (ln x - mean)(ln y - mean) / Σ (ln x - mean)².</remarks>
    public static double Slope(IEnumerable<(double X, double Y)> points)
    {
        (double X, double Y)[] logarithms = [.. points.Select(point => (Math.Log(point.X), Math.Log(point.Y)))];
        double meanX = logarithms.Average(point => point.X);
        double meanY = logarithms.Average(point => point.Y);
        return logarithms.Sum(point => (point.X - meanX) * (point.Y - meanY))
            / logarithms.Sum(point => (point.X - meanX) * (point.X - meanX));
    }
}
