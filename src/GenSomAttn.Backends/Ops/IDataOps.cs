using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>Gathering of rows by index.</summary>
public interface IDataOps
{
    /// <summary>Float batch from images that live as bytes: output[n] = images[indices[n]] / 255. Overwrites <paramref name="output"/>.</summary>
    /// <param name="images">(images, pixels), bytes 0 to 255.</param>
    /// <param name="indices">(N), each below the number of images.</param>
    /// <param name="pixels">Pixels of one image.</param>
    /// <param name="output">(N, pixels), in [0, 1].</param>
    void GatherImages(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<float> output);

    /// <summary>output[n] = rows[indices[n]]. Overwrites <paramref name="output"/>.</summary>
    /// <param name="rows">(any number, length).</param>
    /// <param name="indices">(N), each a row.</param>
    /// <param name="shape">N rows of the output and their length.</param>
    /// <param name="output">(N, length).</param>
    void GatherRows(DeviceView<float> rows, DeviceView<int> indices, RowsShape shape, DeviceView<float> output);
}
