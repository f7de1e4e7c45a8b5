using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace GenSomAttn.OnnxTests;

/// <summary>A trained model, and its exported networks in ONNX Runtime.</summary>
internal sealed class ExportedModel : IDisposable
{
    private readonly Backend<float> _backend = BackendFactory.Create("cpu", 0);
    private readonly Trainer _trainer;
    private readonly Dictionary<string, InferenceSession> _sessions;

    /// <summary>Trains a model for some steps, and exports it.</summary>
    public ExportedModel(TrainingSettings settings, Dataset dataset)
    {
        _trainer = new Trainer(_backend, settings, dataset);
        _trainer.Run(new NoObserver(), CancellationToken.None);
        Checkpoint = _trainer.ToCheckpoint();
        _sessions = OnnxNetworks.Write(Checkpoint, "1.2.3").ToDictionary(
            network => network.Name, network => new InferenceSession(network.Content));
    }

    /// <summary>What was exported.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The model in this program.</summary>
    public GenerativeModel Model => (GenerativeModel)_trainer.Model;

    /// <summary>Names of the exported files.</summary>
    public IEnumerable<string> Files => _sessions.Keys;

    /// <summary>Metadata of a file.</summary>
    public ModelMetadata Metadata(string file) => _sessions[file].ModelMetadata;

    /// <summary>Makes random training images and half as many test images, in two classes.</summary>
    public static Dataset Images(ImageShape shape, int count)
        => new(Random(shape, count, 0), Random(shape, count / 2, 1), ["a", "b"], sha256: "of images");

    /// <summary>Encodes images by this program.</summary>
    public float[] Encode(ImageSet images) => Encode(images.ToFloats(), images.Count);

    /// <summary>Finds the units of images and the distances to them by this program.</summary>
    public (int[] Units, float[] Distances) Locate(ImageSet images)
    {
        using DeviceBuffer<float> codes = _backend.Allocate<float>(images.Count * Model.CodeLength);
        codes.View.CopyFrom(Encode(images));
        Winners winners = Model.Map!.FindWinners(codes.View, images.Count);
        float[] squared = winners.SquaredDistances.ToArray();
        return (winners.Bmu.ToArray(), [.. Enumerable.Range(0, images.Count).Select(n => MathF.Sqrt(squared[2 * n]))]);
    }

    /// <summary>Decodes codes by this program, (N, S, S, C) to (N, C, S, S).</summary>
    public float[] Decode(float[] codes, int count)
    {
        using DeviceBuffer<float> buffer = _backend.Allocate<float>(codes.Length);
        buffer.View.CopyFrom(codes);
        return ChannelsFirst(Model.Decode(buffer.View, count).ToArray());
    }

    /// <summary>Runs an exported network; returns its outputs by name.</summary>
    public Dictionary<string, DisposableNamedOnnxValue> Run(string file, string input, float[] values, params int[] shape)
        => _sessions[file].Run([NamedOnnxValue.CreateFromTensor(input, new DenseTensor<float>(values, shape))])
            .ToDictionary(output => output.Name);

    /// <summary>Runs an exported network on images.</summary>
    public Dictionary<string, DisposableNamedOnnxValue> Run(string file, ImageSet images) => Run(
        file, "image", ChannelsFirst(images.ToFloats()), images.Count, Model.Shape.Channels, Model.Side, Model.Side);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (InferenceSession session in _sessions.Values)
        {
            session.Dispose();
        }

        _trainer.Dispose();
        _backend.Dispose();
    }

    private float[] Encode(float[] pixels, int count)
    {
        using DeviceBuffer<float> buffer = _backend.Allocate<float>(pixels.Length);
        buffer.View.CopyFrom(pixels);
        return Model.Encode(buffer.View, count).ToArray();
    }

    private float[] ChannelsFirst(float[] pixels)
    {
        (int area, int channels) = (Model.Side * Model.Side, Model.Shape.Channels);
        float[] moved = new float[pixels.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int n, int within) = Math.DivRem(i, area * channels);
            (int position, int channel) = Math.DivRem(within, channels);
            moved[(((n * channels) + channel) * area) + position] = pixels[i];
        }

        return moved;
    }

    private static ImageSet Random(ImageShape shape, int count, uint step)
    {
        byte[] pixels = new byte[count * shape.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(256 * Philox.Uniform(new RandomKey(9, RandomPurpose.Check, step), (uint)i));
        }

        return new ImageSet(pixels, [.. Enumerable.Range(0, count).Select(n => n % 2)], shape);
    }

    private sealed class NoObserver : ITrainingObserver
    {
        public void OnStep(StepReport report)
        {
        }

        public void OnEpoch(EpochMetrics metrics)
        {
        }
    }
}
