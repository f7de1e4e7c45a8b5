using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="IRandomOps.RandomUniform"/>
    public static void RandomUniform(RandomKey key, Span<T> output)
    {
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = T.CreateChecked(Philox.Uniform(key, (uint)i));
        }
    }

    /// <inheritdoc cref="IRandomOps.RandomNormal"/>
    public static void RandomNormal(RandomKey key, Span<T> output)
    {
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = T.CreateChecked(Philox.Normal(key, (uint)i));
        }
    }
}
