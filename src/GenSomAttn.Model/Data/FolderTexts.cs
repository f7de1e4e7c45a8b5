namespace GenSomAttn.Model.Data;

/// <summary>The two optional texts of a data folder: SHA256SUMS and labels.txt.</summary>
internal static class FolderTexts
{
    private const long MaxTextBytes = 65536;

    /// <summary>Reads SHA256SUMS, lines of 64 hexadecimal digits, two spaces and a file name, as sha256sum writes them.</summary>
    /// <returns>The hash of each name, or null where the folder has no such file.</returns>
    /// <exception cref="DataException">The file cannot be read or a line is not of this form.</exception>
    public static IReadOnlyDictionary<string, byte[]>? ReadHashes(string folder)
    {
        string path = Path.Combine(folder, "SHA256SUMS");
        if (!File.Exists(path))
        {
            return null;
        }

        Dictionary<string, byte[]> hashes = new(StringComparer.Ordinal);
        foreach (string line in ReadLines(path))
        {
            const int HashDigits = 64;
            string name = line.Length > HashDigits + 2 ? line[(HashDigits + 2)..] : string.Empty;
            if ((name.Length == 0) || (line[HashDigits..(HashDigits + 2)] != "  ")
                || !line.Take(HashDigits).All(char.IsAsciiHexDigit) || !hashes.TryAdd(name, Convert.FromHexString(line[..HashDigits])))
            {
                throw new DataException($"Cannot use {path}: \"{line}\" is not a line of sha256sum, or names a file a second time.");
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
        if (!File.Exists(path))
        {
            return null;
        }

        string[] names = ReadLines(path);
        return (names.Length is > 0 and <= 256) && !names.Any(string.IsNullOrWhiteSpace)
            ? names
            : throw new DataException($"Cannot use {path}: expected 1 to 256 lines, the name of a class in each.");
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxTextBytes
                ? File.ReadAllLines(path)
                : throw new DataException($"Cannot use {path}: it is longer than {MaxTextBytes} bytes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot use {path}: {exception.Message}", exception);
        }
    }
}
