using System.Text;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>The optional texts of a data folder: SHA256SUMS, labels.txt, and the names of the images of a packed set.</summary>
internal static class FolderTexts
{
    /// <summary>Maximum number of lines of labels.txt.</summary>
    public const int MaxClasses = 256;

    /// <summary>File of the names of the training images.</summary>
    public const string TrainNames = "files-train.txt";

    /// <summary>File of the names of the test images.</summary>
    public const string TestNames = "files-test.txt";

    private const int MaxTextBytes = 65536;
    private const int MaxNamesBytes = 1 << 30;

    /// <summary>Reads SHA256SUMS, lines of 64 hexadecimal digits, two spaces and a file name, as sha256sum writes them.</summary>
    /// <returns>The hash of each name, or null where the folder has no such file.</returns>
    /// <exception cref="DataException">The file cannot be read or a line is not of this form.</exception>
    public static IReadOnlyDictionary<string, byte[]>? ReadHashes(string folder)
    {
        string path = Path.Combine(folder, "SHA256SUMS");
        return File.Exists(path) ? ParseHashes(ReadBytes(path), path) : null;
    }

    /// <summary>Reads the content of a SHA256SUMS.</summary>
    /// <exception cref="DataException">A line is not of this form, or names a file a second time.</exception>
    public static IReadOnlyDictionary<string, byte[]> ParseHashes(ReadOnlySpan<byte> bytes, string source)
    {
        const int HashDigits = 64;
        const int NameStart = HashDigits + 2;
        Dictionary<string, byte[]> hashes = new(StringComparer.Ordinal);
        foreach (string line in Lines(bytes, source))
        {
            if ((line.Length <= NameStart) || (line[HashDigits..NameStart] != "  ") || line.Any(char.IsControl)
                || !line.Take(HashDigits).All(char.IsAsciiHexDigit)
                || !hashes.TryAdd(line[NameStart..], Convert.FromHexString(line[..HashDigits])))
            {
                throw new DataException(
                    $"Cannot use {source}: line {hashes.Count + 1} is not one of sha256sum, or names a file a second time.");
            }
        }

        return hashes;
    }

    /// <summary>Reads labels.txt: the name of class 0, of class 1 and so on, a line each.</summary>
    /// <returns>The names, or null where the folder has no such file.</returns>
    /// <exception cref="DataException">The file cannot be read, a line is blank or there are more than 256.</exception>
    public static IReadOnlyList<string>? ReadClassNames(string folder)
    {
        string path = Path.Combine(folder, "labels.txt");
        return File.Exists(path) ? ParseClassNames(ReadBytes(path), path) : null;
    }

    /// <summary>Reads the content of a labels.txt.</summary>
    /// <exception cref="DataException">A line is blank or has a control character, or there are no lines or more than 256.</exception>
    public static IReadOnlyList<string> ParseClassNames(ReadOnlySpan<byte> bytes, string source)
    {
        string[] names = Lines(bytes, source);
        return (names.Length is > 0 and <= MaxClasses) && !names.Any(name => string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
            ? names
            : throw new DataException(
                $"Cannot use {source}: expected 1 to {MaxClasses} lines, the name of a class in each, without control characters.");
    }

    /// <summary>Reads the names of the images of a packed set, a line each.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">One of <see cref="TrainNames"/> and <see cref="TestNames"/>.</param>
    /// <param name="count">Number of images.</param>
    /// <returns>The names, or null where the folder has no such file.</returns>
    /// <exception cref="DataException">The file cannot be read or has another number of lines.</exception>
    public static IReadOnlyList<string>? ReadImageNames(string folder, string name, int count)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            return null;
        }

        string[] names = Lines(ReadBytes(path, MaxNamesBytes), path);
        return names.Length == count
            ? names
            : throw new DataException($"Cannot use {path}: it has {names.Length} lines, and there are {count} images.");
    }

    private static byte[] ReadBytes(string path, int most = MaxTextBytes)
    {
        try
        {
            return WholeFile.Read(path, most);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DataException($"Cannot use {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Splits a text into lines, terminated by LF or CR LF; the last terminator may be missing.</summary>
    private static string[] Lines(ReadOnlySpan<byte> bytes, string source)
    {
        try
        {
            WholeFile.CheckUtf8(bytes);
            string[] lines = Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
            return lines[^1].Length == 0 ? lines[..^1] : lines;
        }
        catch (InvalidDataException exception)
        {
            throw new DataException($"Cannot use {source}: {exception.Message}", exception);
        }
    }
}
