using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>output[n] = rows[indices[n]]. Overwrites <paramref name="output"/>.</summary>
    /// <param name="rows">(any number, length).</param>
    /// <param name="indices">(N), each a row.</param>
    /// <param name="shape">N rows of the output and their length.</param>
    /// <param name="output">(N, length).</param>
    public void GatherRows(DeviceView<T> rows, DeviceView<int> indices, RowsShape shape, DeviceView<T> output)
    {
        using OperationCall call = Contract(shape)
            .Gathers(rows, shape.Length, shape.TotalLength).Reads(indices, shape.Rows).Writes(output, shape.TotalLength).Begin();
        GatherRowsCore(rows, indices, shape, output);
    }

    /// <summary>Computes <see cref="GatherRows"/>.</summary>
    protected abstract void GatherRowsCore(DeviceView<T> rows, DeviceView<int> indices, RowsShape shape, DeviceView<T> output);
}
