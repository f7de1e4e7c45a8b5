using GenSomAttn.Engine;
using GenSomAttn.Kernels;

namespace GenSomAttn.Tests.Support;

/// <summary>Finite differences of a whole model's loss along a direction in one of its parameters.</summary>
internal static class FinitePaths
{
    /// <summary>Step of the stencil, relative to the direction's length.</summary>
    public const double Step = 1e-2;

    /// <summary>Draws a random direction of about the magnitude of a parameter's values.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="stream">Stream of random numbers; one for each direction.</param>
    /// <param name="least">Minimum magnitude, so that a step is visible in a float loss.</param>
    public static double[] Direction(Parameter parameter, uint stream, double least)
    {
        RandomKey key = new((ulong)parameter.Index, RandomPurpose.Check, stream);
        double size = Math.Clamp(Math.Sqrt(parameter.Value.ToArray().Average(value => (double)value * value)), least, 0.2);
        return [.. Enumerable.Range(0, parameter.Length).Select(i => size * Philox.Normal(key, (uint)i))];
    }

    /// <summary>Computes the derivative of the loss along a direction by the four-point stencil.</summary>
    public static double Slope(Parameter parameter, double[] along, Func<double> loss)
    {
        float[] start = parameter.Value.ToArray();
        double LossAt(double steps)
        {
            parameter.Value.CopyFrom([.. start.Zip(along, (value, d) => (float)(value + (steps * Step * d)))]);
            return loss();
        }

        double slope = (LossAt(-2) - (8 * LossAt(-1)) + (8 * LossAt(1)) - LossAt(2)) / (12 * Step);
        parameter.Value.CopyFrom(start);
        return slope;
    }
}
