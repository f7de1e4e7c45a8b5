using GenSomAttn.Backends;
using GenSomAttn.Backends.Profiling;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Som;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Benchmark of inference. Speed does not depend on the parameters' values, so the model is untrained.</summary>
internal static class InferenceBenchmark
{
    private static readonly int[] Batches = [1, 64, 1000];
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.4);

    /// <summary>Measures all inference paths at each batch size.</summary>
    public static IReadOnlyList<InferenceResult> Run(Backend<float> backend, TrainingSettings settings, ImageSet images, Roofline? roof) =>
    [
        .. from batch in Batches
           from path in Enum.GetValues<InferencePath>()
           select Measure(backend, settings with { BatchSize = batch }, images, path, Duration, roof),
    ];

    /// <summary>Measures one inference path at the batch size of the settings.</summary>
    public static InferenceResult Measure(
        Backend<float> backend, TrainingSettings settings, ImageSet images, InferencePath path, TimeSpan duration, Roofline? roof)
    {
        int batch = settings.BatchSize;
        using var pass = new Pass(backend, settings, images);
        Timing time = Timing.Measure(duration, () => pass.Run(path));
        long flops = Flops(backend, settings, images, path);
        return new InferenceResult(path, batch, time, time.PerSecond(batch), ArithmeticSpeed.Of(flops, time.MedianMicroseconds, roof));
    }

    private static long Flops(Backend<float> backend, TrainingSettings settings, ImageSet images, InferencePath path)
    {
        using var pass = new Pass(backend, settings, images);
        using var profiler = new Profiler(backend, 1);
        pass.Run(path);
        profiler.EndStep();
        return profiler.Profiles.Sum(row => row.Flops * row.CallsOfSteps[0]);
    }

    /// <summary>A model with a batch of images on its device.</summary>
    private sealed class Pass : IDisposable
    {
        private readonly int _batch;
        private readonly SomAttnModel _model;
        private readonly DeviceMemory _memory;
        private readonly DeviceView<float> _images;
        private readonly DeviceView<float> _quantized;

        public Pass(Backend<float> backend, TrainingSettings settings, ImageSet images)
        {
            _batch = settings.BatchSize;
            _model = new SomAttnModel(backend, settings, images.Shape);
            _model.Initialize();
            _memory = new DeviceMemory(backend);
            _images = _memory.Take<float>(_batch * _model.Shape.Length);
            _images.CopyFrom(Pixels(images, _images.Length));
            _quantized = _memory.Take<float>(_batch * settings.Latent);
        }

        public void Run(InferencePath path)
        {
            if (path == InferencePath.EncodeSearchDecode)
            {
                Winners winners = _model.Map.FindWinners(_model.Encode(_images, _batch), _batch);
                _model.Map.Gather(winners.Bmu, _quantized);
            }

            _model.Decode(_quantized, _batch);
        }

        public void Dispose()
        {
            _model.Dispose();
            _memory.Dispose();
        }

        /// <summary>Returns the first pixels, scaled to [0, 1]; if the set has fewer, it repeats.</summary>
        private static float[] Pixels(ImageSet images, int count)
        {
            float[] pixels = new float[count];
            float[] first = images.First(DivideUp(count, images.Shape.Length)).ToFloats();
            for (int i = 0; i < count; i++)
            {
                pixels[i] = first[i % first.Length];
            }

            return pixels;
        }
    }
}
