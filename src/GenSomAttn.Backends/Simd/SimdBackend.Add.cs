using GenSomAttn.Backends.Simd.Rows;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void AddCore(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum)
    {
        Elementwise<TVector>.Run(_pool, default(SumFormula<TVector>), left, right, sum);
    }
}
