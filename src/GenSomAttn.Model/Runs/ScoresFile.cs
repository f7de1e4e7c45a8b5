using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Runs;

/// <summary>
/// Scores of a run as a JSON document that ends with <c>sha256</c>: the SHA-256 of the whole file with that hash itself replaced by 64
/// zeros, as in checkpoints.
/// </summary>
public static class ScoresFile
{
    private const int MaxBytes = 1 << 20;
    private const string Key = "  \"sha256\": \"";
    private const string End = "\"\n}\n";
    private static readonly string BlankHash = new('0', 2 * SHA256.HashSizeInBytes);

    /// <summary>Serializes the scores with their hash.</summary>
    /// <param name="document">An indented JSON object that is not empty.</param>
    public static byte[] ToBytes(string document)
    {
        ArgumentNullException.ThrowIfNull(document);
        string head = document.TrimEnd().TrimEnd('}').TrimEnd() + $",\n{Key}";
        return Encoding.UTF8.GetBytes($"{head}{HashOf(head)}{End}");
    }

    /// <summary>Reads the scores, after a check against their hash.</summary>
    /// <exception cref="FileException">The file was changed, or is no JSON object.</exception>
    /// <exception cref="InvalidDataException">The file is too long.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static JsonObject Read(string path)
    {
        try
        {
            Check(path);
            return JsonNode.Parse(WholeFile.Read(path, MaxBytes))!.AsObject();
        }
        catch (Exception exception) when (exception is FileException or JsonException or InvalidOperationException)
        {
            throw new FileException($"Cannot use {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Checks a file against its hash.</summary>
    /// <exception cref="FileException">The file was changed.</exception>
    /// <exception cref="InvalidDataException">The file is too long.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static void Check(string path)
    {
        string text = Encoding.UTF8.GetString(WholeFile.Read(path, MaxBytes));
        int tail = BlankHash.Length + End.Length;
        string head = text.Length > tail ? text[..^tail] : "";
        if (text != $"{head}{HashOf(head)}{End}")
        {
            throw new FileException("its content does not fit the SHA-256 that it holds.");
        }
    }

    private static string HashOf(string head)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{head}{BlankHash}{End}")));
}
