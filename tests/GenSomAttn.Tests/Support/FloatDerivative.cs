using GenSomAttn.Backends;

namespace GenSomAttn.Tests.Support;

/// <summary>Derivatives of functions that are computed in float.</summary>
internal static class FloatDerivative
{
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
