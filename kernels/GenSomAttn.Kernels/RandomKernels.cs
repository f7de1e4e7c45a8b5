using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>Kernels of random numbers. One thread draws one.</summary>
public static class RandomKernels
{
    /// <summary>Computes output[i] = standard normal number i of a stream.</summary>
    public static void Normal(RandomKey key, ArrayView<float> output)
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            output[i] = Philox.Normal(key, (uint)i);
        }
    }
}
