namespace GenSomAttn.Engine.Checks;

/// <summary>Gradients by evaluating a function around a point: what the hand-written ones are compared with.</summary>
public static class NumericalGradient
{
    private const double CentralStep = 1e-6;

    /// <summary>Gradient of a loss in double with respect to every element: (f(x+ε) - f(x-ε)) / 2ε with ε = 1e-6.</summary>
    /// <param name="values">The point; each element is moved and put back.</param>
    /// <param name="loss">The function, which reads <paramref name="values"/>.</param>
    public static double[] CentralDifferences(double[] values, Func<double> loss)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(loss);
        double[] gradient = new double[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i];
            values[i] = value + CentralStep;
            double above = loss();
            values[i] = value - CentralStep;
            double below = loss();
            values[i] = value;
            gradient[i] = (above - below) / (2 * CentralStep);
        }

        return gradient;
    }
}
