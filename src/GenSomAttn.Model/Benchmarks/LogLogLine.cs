namespace GenSomAttn.Model.Benchmarks;

/// <summary>The straight line through points in a plot of logarithms.</summary>
public static class LogLogLine
{
    /// <summary>Its slope by least squares: b where y grows as x to the power of b; not-a-number for fewer than two values of x.</summary>
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
