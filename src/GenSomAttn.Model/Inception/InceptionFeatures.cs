using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Inception;

/// <summary>Features of images by the Inception network; those of real images are kept in a file beside the weights.</summary>
internal static class InceptionFeatures
{
    private const string TensorName = "features", WeightsKey = "weights_sha256", ImagesKey = "images_sha256", ValuesKey = "features_sha256";

    /// <summary>Computes the features of images, batch by batch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The images.</param>
    /// <returns>(N, 2048).</returns>
    public static float[] Of(InceptionNetwork network, ImageSet images)
    {
        var input = new InceptionImages(images.Shape);
        byte[] pixels = new byte[network.MaxBatch * images.Shape.Length];
        float[] resized = new float[network.MaxBatch * InceptionImages.Length];
        float[] features = new float[images.Count * InceptionNetwork.Features];
        for (int first = 0; first < images.Count; first += network.MaxBatch)
        {
            int batch = Math.Min(network.MaxBatch, images.Count - first);
            Span<byte> some = pixels.AsSpan(0, batch * images.Shape.Length);
            Span<float> large = resized.AsSpan(0, batch * InceptionImages.Length);
            images.CopyTo(first, some);
            input.Resize(some, large);
            network.Encode(large, batch).CopyTo(
                features.AsSpan(first * InceptionNetwork.Features, batch * InceptionNetwork.Features));
        }

        return features;
    }

    /// <summary>Reads the features of real images from their file, or computes them and writes it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="images">The images.</param>
    /// <param name="note">Called if a file cannot be used or written.</param>
    /// <returns>(N, 2048).</returns>
    public static float[] OfReal(InceptionNetwork network, ImageSet images, Action<string> note)
    {
        string hash = HashOf(images);
        string path = PathOf(network, hash);
        if (File.Exists(path))
        {
            try
            {
                return Read(path, network, hash, images.Count);
            }
            catch (TensorFileException exception)
            {
                note($"the features of the real images are computed again: {exception.Message}");
            }
        }

        float[] features = Of(network, images);
        try
        {
            AtomicFiles.OnDisk.Write(path, ToBytes(network, hash, features));
        }
        catch (FileException exception)
        {
            note($"the features of the real images are not kept: {exception.Message}");
        }

        return features;
    }

    /// <summary>Returns the file of the features of images: its name tells the first digits of both hashes.</summary>
    private static string PathOf(InceptionNetwork network, string hash)
    {
        const int Digits = 12;
        string folder = Path.GetDirectoryName(Path.GetFullPath(network.WeightsPath))!;
        string weights = Path.GetFileNameWithoutExtension(network.WeightsPath);
        return Path.Combine(folder, $"{weights}-{network.WeightsSha256[..Digits]}-{hash[..Digits]}.features");
    }

    /// <summary>Computes the SHA-256 of the shape and the pixels of images.</summary>
    private static string HashOf(ImageSet images)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"{images.Count} {images.Side} {images.Shape.Channels}\n"));
        images.Stored.Visit(hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] ToBytes(InceptionNetwork network, string hash, float[] features)
    {
        var metadata = new Dictionary<string, string>
        {
            [WeightsKey] = network.WeightsSha256,
            [ImagesKey] = hash,
            [ValuesKey] = HashOf(features),
        };
        int[] shape = [features.Length / InceptionNetwork.Features, InceptionNetwork.Features];
        return SafetensorsFile.ToBytes(metadata, [SafetensorsTensor.Of(TensorName, shape, features)]);
    }

    private static float[] Read(string path, InceptionNetwork network, string hash, int count)
    {
        var file = SafetensorsFile.Read(path);
        bool isThis = file.Metadata.GetValueOrDefault(WeightsKey) == network.WeightsSha256
            && file.Metadata.GetValueOrDefault(ImagesKey) == hash
            && file.Tensors.TryGetValue(TensorName, out SafetensorsTensor? tensor)
            && tensor.Shape.SequenceEqual([count, InceptionNetwork.Features])
            && file.Metadata.GetValueOrDefault(ValuesKey) == HashOf(tensor.Floats);
        return isThis
            ? file.Tensors[TensorName].Floats
            : throw new TensorFileException($"{path} does not hold the features of these images by these weights, or is damaged.");
    }

    private static string HashOf(float[] features) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(features.AsSpan())));
}
