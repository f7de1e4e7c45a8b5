namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void GatherImagesCore(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<T> output)
    {
        T white = T.CreateChecked(byte.MaxValue);
        for (int n = 0; n < indices.Length; n++)
        {
            ReadOnlySpan<byte> image = images.Span().Slice(indices[n] * pixels, pixels);
            Span<T> outputRow = Row(output, n, pixels);
            for (int p = 0; p < pixels; p++)
            {
                outputRow[p] = T.CreateChecked(image[p]) / white;
            }
        }
    }
}
