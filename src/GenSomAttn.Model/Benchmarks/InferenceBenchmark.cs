using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Som;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Measures what a trained model is used for. Speed does not depend on what it has learned, so it stays untrained.</summary>
internal static class InferenceBenchmark
{
    private static readonly int[] Batches = [1, 64, 1000];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.4);

    /// <summary>Images to the images of their winners, and codes to images, at each batch size.</summary>
    public static IReadOnlyList<InferenceResult> Run(IBackend backend, TrainingSettings settings, ImageSet images)
        => [.. Batches.SelectMany(batch => Measure(backend, settings with { BatchSize = batch }, Repeat(images, batch)))];

    private static InferenceResult[] Measure(IBackend backend, TrainingSettings settings, ImageSet images)
    {
        int batch = settings.BatchSize;
        using var model = new SomAttnModel(backend, settings, images.Side);
        model.Initialize();
        using var onDevice = new DeviceImages(backend, images, batch);
        using var memory = new DeviceMemory(backend);
        DeviceView<float> quantized = memory.Take<float>(batch * settings.Latent);
        DeviceView<float> input = onDevice.Range(0, batch);
        Timing whole = Timing.Measure(Duration, () =>
        {
            Winners winners = model.Map.FindWinners(model.Encode(input, batch), batch);
            model.Map.Gather(winners.Bmu, quantized);
            model.Decode(quantized, batch);
        });
        Timing decode = Timing.Measure(Duration, () => model.Decode(quantized, batch));
        return [Result("encode_search_decode", batch, whole), Result("decode", batch, decode)];
    }

    private static InferenceResult Result(string path, int batch, Timing time) => new(path, batch, time, time.PerSecond(batch));

    /// <summary>So many images; where the set has fewer, they come again.</summary>
    private static ImageSet Repeat(ImageSet images, int count)
    {
        int size = images.Side * images.Side;
        byte[] pixels = new byte[count * size];
        for (int n = 0; n < count; n++)
        {
            images.Pixels.AsSpan(n % images.Count * size, size).CopyTo(pixels.AsSpan(n * size));
        }

        return new ImageSet(pixels, new byte[count], images.Side);
    }
}
