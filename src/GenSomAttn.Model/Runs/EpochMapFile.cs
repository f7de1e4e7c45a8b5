using System.Globalization;
using System.Runtime.InteropServices;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Model.Runs;

/// <summary>
/// Content of maps/epoch_NNN.safetensors in a run directory, an <see cref="EpochMap"/> in the order of the training. The format has no
/// tensors of bytes here: four bytes of the images are one whole number, the first the lowest.
/// </summary>
public static class EpochMapFile
{
    private const string EpochKey = "epoch", SigmaKey = "sigma", SideKey = "side", ChannelsKey = "channels";
    private const string Codebook = "som.codebook", Images = "images", Followed = "followed";

    /// <summary>Serializes a map with a hash of the file.</summary>
    public static byte[] ToBytes(EpochMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        byte[] padded = [.. map.Images, .. new byte[(sizeof(int) - (map.Images.Length % sizeof(int))) % sizeof(int)]];
        int[] packed = MemoryMarshal.Cast<byte, int>(padded).ToArray();
        return HashedTensors.ToBytes(
            new Dictionary<string, string>
            {
                [EpochKey] = map.Epoch.ToString(CultureInfo.InvariantCulture),
                [SigmaKey] = map.Sigma.ToString("R", CultureInfo.InvariantCulture),
                [SideKey] = map.Shape.Side.ToString(CultureInfo.InvariantCulture),
                [ChannelsKey] = map.Shape.Channels.ToString(CultureInfo.InvariantCulture),
            },
            [
                SafetensorsTensor.Of(Codebook, [map.Codebook.Length], map.Codebook), SafetensorsTensor.Of(Images, [packed.Length], packed),
                SafetensorsTensor.Of(Followed, [map.Followed.Length], map.Followed),
            ]);
    }

    /// <summary>Reads and checks the content of a file.</summary>
    /// <param name="bytes">The whole content.</param>
    /// <param name="source">Name in error messages: a path.</param>
    /// <param name="units">U.</param>
    /// <exception cref="TensorFileException">The content is damaged or another one.</exception>
    public static EpochMap Parse(ReadOnlySpan<byte> bytes, string source, int units)
    {
        SafetensorsFile file = SafetensorsFile.Parse(bytes, source);
        try
        {
            HashedTensors.CheckHash(bytes, file);
            var shape = new ImageShape(Number(file, SideKey, Dataset.MaxSide), Number(file, ChannelsKey, ImageShape.Color));
            float[] codebook = Tensor(file, Codebook).Floats;
            byte[] images = MemoryMarshal.AsBytes<int>(Tensor(file, Images).Ints).ToArray();
            int[] followed = Tensor(file, Followed).Ints;
            int length = units * shape.Length;
            bool fits = file.Tensors.Count == 3 && codebook.Length > 0 && codebook.Length % units == 0 && codebook.All(float.IsFinite)
                && length > 0 && images.Length - length is >= 0 and < sizeof(int) && images.AsSpan(length).IndexOfAnyExcept((byte)0) < 0
                && followed.All(unit => unit >= 0 && unit < units);
            return fits
                ? new EpochMap(Number(file, EpochKey, int.MaxValue), Sigma(file), codebook, shape, images[..length], followed)
                : throw new TensorFileException($"its tensors are not those of a map of {units} units.");
        }
        catch (TensorFileException exception)
        {
            throw new TensorFileException($"{source} does not hold the map of an epoch: {exception.Message}", exception);
        }
    }

    private static SafetensorsTensor Tensor(SafetensorsFile file, string name) => file.Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new TensorFileException($"it has no {name}.");

    private static int Number(SafetensorsFile file, string key, int max)
    {
        string text = HashedTensors.Metadata(file, key);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= max
            ? number
            : throw new TensorFileException($"its {key} is \"{text}\", expected a whole number up to {max}.");
    }

    private static double Sigma(SafetensorsFile file)
    {
        string text = HashedTensors.Metadata(file, SigmaKey);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double sigma) && double.IsFinite(sigma)
            ? sigma
            : throw new TensorFileException($"its {SigmaKey} is \"{text}\", expected a finite number.");
    }
}
