using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void AddCore(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum)
    {
        Map(default(SumFormula), left, right, sum);
    }

    private readonly struct SumFormula : IFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Apply(TVector left, TVector right) => left + right;
    }
}
