using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>Batch from images that lie as bytes: output[n] = images[indices[n]] / 255. Overwrites <paramref name="output"/>.</summary>
    /// <param name="images">(images, pixels), bytes 0 to 255.</param>
    /// <param name="indices">(N), each below the number of images.</param>
    /// <param name="pixels">Values of one image.</param>
    /// <param name="output">(N, pixels), in [0, 1].</param>
    public void GatherImages(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<T> output)
    {
        var shape = new RowsShape(indices.Length, pixels);
        using OperationCall call = Contract(shape)
            .Gathers(images, pixels, shape.TotalLength).Reads(indices, shape.Rows).Writes(output, shape.TotalLength).Begin();
        GatherImagesCore(images, indices, pixels, output);
    }

    /// <summary>Computes <see cref="GatherImages"/>.</summary>
    protected abstract void GatherImagesCore(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<T> output);
}
