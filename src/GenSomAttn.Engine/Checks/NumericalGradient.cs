using GenSomAttn.Backends;

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

    /// <summary>
    /// Derivative of a loss with respect to one float on a device, by the four-point stencil, whose larger step a function in
    /// float needs: (f(x-2h) - 8 f(x-h) + 8 f(x+h) - f(x+2h)) / 12h, wrong by h⁴ f⁽⁵⁾ / 30.
    /// </summary>
    /// <param name="values">The tensor; the element is moved and put back.</param>
    /// <param name="element">Which of its elements.</param>
    /// <param name="step">h; about 1e-2.</param>
    /// <param name="loss">The function, which reads the tensor and sums in double.</param>
    public static double FourPointStencil(DeviceView<float> values, int element, float step, Func<double> loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        DeviceView<float> place = values.Slice(element, 1);
        float value = 0;
        place.CopyTo(new Span<float>(ref value));
        double LossAt(float moved)
        {
            place.CopyFrom([moved]);
            return loss();
        }

        double far = LossAt(value - (2 * step)) - LossAt(value + (2 * step));
        double near = LossAt(value + step) - LossAt(value - step);
        place.CopyFrom([value]);
        return (far + (8 * near)) / (12 * (double)step);
    }
}
