using GenSomAttn.Engine;
using GenSomAttn.Kernels;

namespace GenSomAttn.Tests.Support;

/// <summary>Finite differences of a whole model's loss along a direction of one of its parameters.</summary>
internal static class FinitePaths
{
    /// <summary>Distance of two points of the stencil, in lengths of the direction.</summary>
    public const double Step = 1e-2;

    /// <summary>Random numbers of about the size of a parameter's values, one for each element.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="stream">Another for each direction.</param>
    /// <param name="least">Least size, so that a step shows in a loss that is a float.</param>
    public static double[] Direction(Parameter parameter, uint stream, double least)
    {
        RandomKey key = new((ulong)parameter.Index, RandomPurpose.Check, stream);
        double size = Math.Clamp(Math.Sqrt(parameter.Value.ToArray().Average(value => (double)value * value)), least, 0.2);
        return [.. Enumerable.Range(0, parameter.Length).Select(i => size * Philox.Normal(key, (uint)i))];
    }

    /// <summary>Derivative of the loss along a direction, by the four-point stencil.</summary>
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
