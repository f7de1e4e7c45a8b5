using GenSomAttn.Backends;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Networks;

/// <summary>Codes of a whole set of images and, for a model with a map, their best matching units (BMUs).</summary>
/// <param name="Codes">v, (N, D).</param>
/// <param name="Bmu">(N), the BMUs; empty without a map.</param>
public sealed record CodedImages(ReadOnlyMemory<float> Codes, ReadOnlyMemory<int> Bmu)
{
    /// <summary>Encodes images, batch by batch.</summary>
    /// <param name="model">The model.</param>
    /// <param name="set">The images.</param>
    /// <param name="progress">Receives the numbers of encoded and of all images after each batch; null for none.</param>
    public static CodedImages Of(ImageModel model, ImageSet set, Action<int, int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var images = new DeviceImages(model.Backend, set, model.MaxBatch);
        int dimension = model.CodeLength;
        float[] codes = new float[images.Count * dimension];
        int[] bmu = new int[model.Map is null ? 0 : images.Count];
        for (int start = 0; start < images.Count; start += model.MaxBatch)
        {
            int batch = Math.Min(model.MaxBatch, images.Count - start);
            DeviceView<float> batchCodes = model.Encode(images.Range(start, batch), batch);
            batchCodes.CopyTo(codes.AsSpan(start * dimension, batch * dimension));
            model.Map?.FindWinners(batchCodes, batch).Bmu.CopyTo(bmu.AsSpan(start, batch));
            progress?.Invoke(start + batch, images.Count);
        }

        return new CodedImages(codes, bmu);
    }
}
