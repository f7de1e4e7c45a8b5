using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void CopyIntoColumnsCore(DeviceView<T> part, ColumnsShape shape, DeviceView<T> whole)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            Row(part, row, shape.Columns).CopyTo(Row(whole, row, shape.Width)[shape.First..]);
        }
    }
}
