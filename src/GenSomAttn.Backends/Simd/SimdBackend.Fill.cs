namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void FillCore(float value, DeviceView<float> output) => output.Span().Fill(value);
}
