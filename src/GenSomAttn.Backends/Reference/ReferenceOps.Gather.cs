using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="IDataOps.GatherImages"/>
    public static void GatherImages(ReadOnlySpan<byte> images, ReadOnlySpan<int> indices, int pixels, Span<T> output)
    {
        T white = T.CreateChecked(byte.MaxValue);
        for (int n = 0; n < indices.Length; n++)
        {
            ReadOnlySpan<byte> image = images.Slice(indices[n] * pixels, pixels);
            Span<T> outputRow = Row(output, n, pixels);
            for (int p = 0; p < pixels; p++)
            {
                outputRow[p] = T.CreateChecked(image[p]) / white;
            }
        }
    }

    /// <inheritdoc cref="IDataOps.GatherRows"/>
    public static void GatherRows(ReadOnlySpan<T> rows, ReadOnlySpan<int> indices, RowsShape shape, Span<T> output)
    {
        for (int n = 0; n < shape.Rows; n++)
        {
            Row(rows, indices[n], shape.Length).CopyTo(Row(output, n, shape.Length));
        }
    }
}
