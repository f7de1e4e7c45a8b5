using GenSomAttn.Kernels;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>
    /// Standard normal numbers. Element i depends on the key and i alone, so that all backends draw the same. Overwrites
    /// <paramref name="output"/>.
    /// </summary>
    /// <remarks>Philox4x32-10 and Box-Muller: <see cref="Philox"/>.</remarks>
    public void RandomNormal(RandomKey key, DeviceView<T> output)
    {
        using OperationCall call = Elementwise(output).Writes(output, output.Length).Begin();
        RandomNormalCore(key, output);
    }

    /// <summary>Computes <see cref="RandomNormal"/>.</summary>
    protected abstract void RandomNormalCore(RandomKey key, DeviceView<T> output);
}
