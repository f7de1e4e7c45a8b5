using GenSomAttn.Backends;
using GenSomAttn.Kernels;

namespace GenSomAttn.Tests.Support;

/// <summary>Random inputs of tests: the same numbers in every run.</summary>
internal static class Draw
{
    /// <summary>Draws standard normal numbers; each stream is independent.</summary>
    public static float[] Normal(int length, uint stream)
    {
        RandomKey key = new(1, RandomPurpose.Check, stream);
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++)
        {
            numbers[i] = Philox.Normal(key, (uint)i);
        }

        return numbers;
    }

    /// <summary>Fills a view with uniform numbers in [0, 1).</summary>
    public static void FillUniform(DeviceView<float> view, uint stream)
    {
        RandomKey key = new(1, RandomPurpose.Check, stream);
        view.CopyFrom([.. Enumerable.Range(0, view.Length).Select(i => Philox.Uniform(key, (uint)i))]);
    }

    /// <summary>Draws whole numbers from 0 to <paramref name="limit"/> - 1.</summary>
    public static int[] Indices(int length, int limit, uint stream)
    {
        RandomKey key = new(1, RandomPurpose.Check, stream);
        int[] numbers = new int[length];
        for (int i = 0; i < length; i++)
        {
            numbers[i] = (int)(Philox.Bits(key, (uint)i) % (uint)limit);
        }

        return numbers;
    }
}
