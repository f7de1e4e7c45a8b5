using System.Security.Cryptography;
using System.Text;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Runs;

/// <summary>
/// Safetensors files whose metadata hold <c>sha256</c>: the SHA-256 of the whole file with that hash itself replaced by 64 zeros, so that
/// any changed byte is detected.
/// </summary>
internal static class HashedTensors
{
    private const string Key = "sha256";
    private static readonly string BlankHash = new('0', 2 * SHA256.HashSizeInBytes);

    /// <summary>Serializes metadata and tensors with their hash.</summary>
    public static byte[] ToBytes(IReadOnlyDictionary<string, string> metadata, IEnumerable<SafetensorsTensor> tensors)
    {
        byte[] bytes = SafetensorsFile.ToBytes(new Dictionary<string, string>(metadata) { [Key] = BlankHash }, tensors);
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        Encoding.ASCII.GetBytes(hash, bytes.AsSpan(HashPosition(bytes, BlankHash)));
        return bytes;
    }

    /// <summary>Checks the bytes of a file against the hash that they hold.</summary>
    /// <exception cref="TensorFileException">They do not fit it.</exception>
    public static void CheckHash(ReadOnlySpan<byte> bytes, SafetensorsFile file)
    {
        string expected = Metadata(file, Key);
        int begin = HashPosition(bytes, expected);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes[..begin]);
        hash.AppendData(Encoding.ASCII.GetBytes(BlankHash));
        hash.AppendData(bytes[(begin + BlankHash.Length)..]);
        string actual = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (actual != expected)
        {
            throw new TensorFileException("it is damaged, its content does not fit the SHA-256 that it holds.");
        }
    }

    /// <summary>Returns an entry of the metadata.</summary>
    /// <exception cref="TensorFileException">There is none of that key.</exception>
    public static string Metadata(SafetensorsFile file, string key) =>
        file.Metadata.TryGetValue(key, out string? value) ? value : throw new TensorFileException($"its metadata have no {key}.");

    /// <summary>Finds the position of the hash. Quotes within other strings are escaped, so only the key itself matches.</summary>
    private static int HashPosition(ReadOnlySpan<byte> bytes, string hash)
    {
        const string Before = $"\"{Key}\":\"";
        int index = bytes.IndexOf(Encoding.UTF8.GetBytes($"{Before}{hash}\""));
        return (index >= 0) && (hash.Length == BlankHash.Length)
            ? index + Before.Length
            : throw new TensorFileException("its sha256 is not written as this program does.");
    }
}
