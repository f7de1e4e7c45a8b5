using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Formats;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Inception;

/// <summary>
/// The Inception v3 network whose features and logits the literature scores generated images by: that of Szegedy et al. 2016 as trained
/// for TensorFlow in 2015, whose weights pytorch-fid distributes. For inference alone.
/// </summary>
/// <remarks>
/// It differs from torchvision's: the padding of an average pooling does not count, the last block pools by the largest value, there
/// are 1,008 logits, and no auxiliary classifier. Source: github.com/mseitzer/pytorch-fid, inception.py.
/// </remarks>
public sealed class InceptionNetwork : IDisposable
{
    /// <summary>Features of an image: the means of the last block's channels.</summary>
    public const int Features = 2048;

    /// <summary>Logits of an image.</summary>
    public const int Classes = 1008;

    /// <summary>
    /// Images of a batch on the host: buffers of 110 MB. A GPU takes four times as many, so that its launches are large enough.
    /// </summary>
    private const int HostBatch = 8, DeviceBatch = 32;

    private readonly DeviceMemory _memory;
    private readonly InceptionPart _layers;
    private readonly DeviceView<float> _classWeight;
    private readonly DeviceView<float> _images;
    private readonly DeviceView<float> _scratch;
    private readonly DeviceView<float> _features;
    private readonly DeviceView<float> _logits;

    private InceptionNetwork(Backend<float> backend, DeviceMemory memory, InceptionTensors tensors)
    {
        Backend = backend;
        _memory = memory;
        MaxBatch = backend.ComputesInHostMemory ? HostBatch : DeviceBatch;
        WeightsPath = tensors.Path;
        WeightsSha256 = tensors.Sha256;
        var builder = new InceptionBuilder(memory, tensors);
        var input = new FeatureMap(InceptionPlan.Side, InceptionPlan.Side, InceptionPlan.Channels);
        _layers = builder.Build(InceptionPlan.Network, input);
        _classWeight = builder.OnDevice(
            ParameterLayout.Linear(Features, Classes).FromTorch(tensors.Take("fc.weight", [Classes, Features])));

        // The logits are used without their bias, see Classify.
        tensors.Take("fc.bias", [Classes]);
        tensors.CheckNothingLeft();
        _images = memory.Take<float>(MaxBatch * input.Length);
        _scratch = memory.Take<float>(MaxBatch * _layers.Scratch);
        _features = memory.Take<float>(MaxBatch * Features);
        _logits = memory.Take<float>(MaxBatch * Classes);
    }

    /// <summary>Backend that runs the network.</summary>
    public Backend<float> Backend { get; }

    /// <summary>Images of the largest batch.</summary>
    public int MaxBatch { get; }

    /// <summary>The file of the weights.</summary>
    public string WeightsPath { get; }

    /// <summary>SHA-256 of the file of the weights, lower-case hexadecimal.</summary>
    public string WeightsSha256 { get; }

    /// <summary>Loads the network from a safetensors file with the tensors of pytorch-fid's state_dict.</summary>
    /// <param name="backend">Backend that runs it.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="TensorFileException">
    /// The file cannot be read, or a tensor is missing, of another shape, not finite, or of no part of the network; the message names the
    /// first such tensor.
    /// </exception>
    public static InceptionNetwork Load(Backend<float> backend, string path)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return Of(backend, InceptionTensors.Read(path));
    }

    /// <summary>Creates the network from its tensors.</summary>
    /// <exception cref="TensorFileException">As by <see cref="Load"/>.</exception>
    internal static InceptionNetwork Of(Backend<float> backend, InceptionTensors tensors)
    {
        var memory = new DeviceMemory(backend);
        try
        {
            return new InceptionNetwork(backend, memory, tensors);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Computes the features of some images.</summary>
    /// <param name="images">(batch, 299, 299, 3), from -1 to 1.</param>
    /// <param name="batch">Number of images, at most <see cref="MaxBatch"/>.</param>
    /// <returns>(batch, 2048), valid until the next call.</returns>
    public DeviceView<float> Encode(ReadOnlySpan<float> images, int batch)
    {
        DeviceView<float> input = _images.First(images.Length);
        input.CopyFrom(images);
        DeviceView<float> features = _features.First(batch * Features);
        _layers.Run(Backend, batch, input, _scratch, features);
        return features;
    }

    /// <summary>
    /// Computes the logits of features without their bias, as the Inception score is defined by its authors' code and torch-fidelity
    /// ("logits_unbiased").
    /// </summary>
    /// <param name="features">(batch, 2048), on the host.</param>
    /// <param name="batch">Number of images, at most <see cref="MaxBatch"/>.</param>
    /// <returns>(batch, 1008), valid until the next call.</returns>
    public DeviceView<float> Classify(ReadOnlySpan<float> features, int batch)
    {
        DeviceView<float> input = _features.First(features.Length);
        input.CopyFrom(features);
        DeviceView<float> logits = _logits.First(batch * Classes);
        Backend.LinearForward(input, _classWeight, default, new LinearShape(batch, Features, Classes), logits);
        return logits;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();
}
