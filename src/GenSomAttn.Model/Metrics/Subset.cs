using GenSomAttn.Engine.Rng;
using GenSomAttn.Kernels;

namespace GenSomAttn.Model.Metrics;

/// <summary>Random subsets of a set of samples, for scores that would take too long on all, or whose variation is of interest.</summary>
public static class Subset
{
    /// <summary>Draws indices without replacement, in random order, uniformly: a pure function of the arguments.</summary>
    /// <param name="count">Number of samples.</param>
    /// <param name="size">Number of indices to draw, at most <paramref name="count"/>.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="draw">Index of the draw; different draws differ.</param>
    public static int[] Draw(int count, int size, ulong seed, int draw = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, count);
        int[] order = new int[count];
        Shuffle.Fill(new RandomKey(seed, RandomPurpose.Subset, (uint)draw), order);
        return order[..size];
    }
}
