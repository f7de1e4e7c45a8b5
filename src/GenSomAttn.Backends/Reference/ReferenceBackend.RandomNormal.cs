using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void RandomNormalCore(RandomKey key, DeviceView<T> output)
    {
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = T.CreateChecked(Philox.Normal(key, (uint)i));
        }
    }
}
