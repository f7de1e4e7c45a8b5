using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void GatherRowsCore(DeviceView<T> rows, DeviceView<int> indices, RowsShape shape, DeviceView<T> output)
    {
        for (int n = 0; n < shape.Rows; n++)
        {
            Row(rows, indices[n], shape.Length).CopyTo(Row(output, n, shape.Length));
        }
    }
}
