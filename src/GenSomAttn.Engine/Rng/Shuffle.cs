using GenSomAttn.Kernels;

namespace GenSomAttn.Engine.Rng;

/// <summary>Random permutations: the order of images in an epoch, or of samples from which a subset is drawn.</summary>
public static class Shuffle
{
    /// <summary>
    /// Fills <paramref name="order"/> with a uniformly distributed random permutation of 0 to its length - 1: a pure function of seed
    /// and epoch, so that a resumed training sees the same order.
    /// </summary>
    public static void Fill(ulong seed, int epoch, Span<int> order) =>
        Fill(new RandomKey(seed, RandomPurpose.Shuffle, (uint)epoch), order);

    /// <summary>Fills <paramref name="order"/> with a random permutation from any stream of random numbers.</summary>
    /// <remarks>Source: Fisher and Yates 1938, as Knuth's algorithm P.</remarks>
    public static void Fill(RandomKey key, Span<int> order)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        var random = new RandomSource(key);
        for (int last = order.Length - 1; last > 0; last--)
        {
            int other = random.Below(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }
    }
}
