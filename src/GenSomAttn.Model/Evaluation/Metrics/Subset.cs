using GenSomAttn.Engine.Rng;
using GenSomAttn.Kernels;

namespace GenSomAttn.Model.Evaluation;

/// <summary>Random parts of a set of samples, for scores that would take too long on all, or that vary from part to part.</summary>
public static class Subset
{
    /// <summary>Numbers of different samples in random order, all choices equally likely: a pure function of the arguments.</summary>
    /// <param name="count">Samples to choose from, numbered from 0.</param>
    /// <param name="size">Samples to choose, at most <paramref name="count"/>.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="draw">Number of the draw, so that several differ.</param>
    public static int[] Draw(int count, int size, ulong seed, int draw = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, count);
        int[] order = new int[count];
        Shuffle.Fill(new RandomKey(seed, RandomPurpose.Subset, (uint)draw), order);
        return order[..size];
    }
}
