using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void GatherRowsCore(DeviceView<float> rows, DeviceView<int> indices, RowsShape shape, DeviceView<float> output)
    {
        ReadOnlySpan<float> source = rows.Span();
        ReadOnlySpan<int> index = indices.Span();
        Span<float> target = output.Span();
        for (int n = 0; n < shape.Rows; n++)
        {
            source.Slice(index[n] * shape.Length, shape.Length).CopyTo(target[(n * shape.Length)..]);
        }
    }
}
