using System.Security.Cryptography;
using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Runs;

/// <summary>
/// Content of distances.safetensors in a run directory: the squared distances of the training images to their BMUs' codebook vectors, for
/// the percentiles of other images, so that only the first of them waits for all training images to be encoded.
/// </summary>
/// <param name="Model">Result of <see cref="HashOf"/> for the checkpoint.</param>
/// <param name="Accelerator">Name of the accelerator that computed them; another one rounds otherwise.</param>
/// <param name="Squared">(Training images), ascending.</param>
public sealed record TrainingDistances(string Model, string Accelerator, float[] Squared)
{
    private const string ModelKey = "model_sha256";
    private const string AcceleratorKey = "accelerator";
    private const string Tensor = "squared_distances";

    /// <summary>Computes the SHA-256 of a checkpoint without the optimizer's moments, in lower-case hexadecimal.</summary>
    /// <exception cref="FileException">A value of it is not finite.</exception>
    public static string HashOf(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return Convert.ToHexStringLower(SHA256.HashData(CheckpointFile.ToBytes(checkpoint.WithoutOptimizer())));
    }

    /// <summary>Serializes the distances with a hash of the file.</summary>
    public byte[] ToBytes() => HashedTensors.ToBytes(
        new Dictionary<string, string> { [ModelKey] = Model, [AcceleratorKey] = Accelerator },
        [SafetensorsTensor.Of(Tensor, [Squared.Length], Squared)]);

    /// <summary>Reads and checks the content of a file.</summary>
    /// <param name="bytes">The whole content.</param>
    /// <param name="source">Name in error messages: a path.</param>
    /// <exception cref="TensorFileException">The content is damaged or another one.</exception>
    public static TrainingDistances Parse(ReadOnlySpan<byte> bytes, string source)
    {
        SafetensorsFile file = SafetensorsFile.Parse(bytes, source);
        try
        {
            HashedTensors.CheckHash(bytes, file);
            float[] squared = file.Tensors.TryGetValue(Tensor, out SafetensorsTensor? tensor) && file.Tensors.Count == 1
                ? tensor.Floats
                : throw new TensorFileException($"{Tensor} is not its only tensor.");
            bool areAscending = squared.Length > 0 && squared.All(float.IsFinite) && squared.Zip(squared.Skip(1)).All(
                pair => pair.First <= pair.Second);
            return tensor.Shape.Count == 1 && areAscending
                ? new TrainingDistances(HashedTensors.Metadata(file, ModelKey), HashedTensors.Metadata(file, AcceleratorKey), squared)
                : throw new TensorFileException($"{Tensor} is not a list of ascending numbers.");
        }
        catch (TensorFileException exception)
        {
            throw new TensorFileException($"{source} does not hold distances of training images: {exception.Message}", exception);
        }
    }
}
