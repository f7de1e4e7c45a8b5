using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>whole[r, first + j] = part[r, j]; the other columns keep their values. Several calls concatenate matrices.</summary>
    /// <param name="part">(rows, columns).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="whole">(rows, width).</param>
    public void CopyIntoColumns(DeviceView<T> part, ColumnsShape shape, DeviceView<T> whole)
    {
        using OperationCall call = Contract(shape).Reads(part, shape.PartLength).Updates(whole, shape.WholeLength).Begin();
        CopyIntoColumnsCore(part, shape, whole);
    }

    /// <summary>Computes <see cref="CopyIntoColumns"/>.</summary>
    protected abstract void CopyIntoColumnsCore(DeviceView<T> part, ColumnsShape shape, DeviceView<T> whole);
}
