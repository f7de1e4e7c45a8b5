using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void RandomNormalCore(RandomKey key, DeviceView<float> output)
    {
        Span<float> numbers = output.Span();
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Philox.Normal(key, (uint)i);
        }
    }
}
