using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;

namespace GenSomAttn.Model.Evaluation;

/// <summary>A whole set of images on the map: their codes and the units they fall on.</summary>
/// <param name="Codes">v, (N, D).</param>
/// <param name="Bmu">(N), the nearest units.</param>
public sealed record CodedImages(ReadOnlyMemory<float> Codes, ReadOnlyMemory<int> Bmu)
{
    /// <summary>Encodes images, batch by batch.</summary>
    public static CodedImages Of(SomAttnModel model, DeviceImages images)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        int dimension = model.Settings.Latent;
        float[] codes = new float[images.Count * dimension];
        int[] bmu = new int[images.Count];
        for (int start = 0; start < images.Count; start += model.MaxBatch)
        {
            int batch = Math.Min(model.MaxBatch, images.Count - start);
            DeviceView<float> batchCodes = model.Encode(images.Range(start, batch), batch);
            Winners winners = model.Map.FindWinners(batchCodes, batch);
            batchCodes.CopyTo(codes.AsSpan(start * dimension, batch * dimension));
            winners.Bmu.CopyTo(bmu.AsSpan(start, batch));
        }

        return new CodedImages(codes, bmu);
    }
}
