using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace GenSomAttn.Tests.Hostile;

/// <summary>
/// Damaged files with an outcome that no file before had, by the reader's message without its numbers and names. Further files are damaged
/// from them too, so that a long run goes deeper than one damage of a valid file. They are kept in a folder, for the next run.
/// </summary>
internal sealed partial class Corpus
{
    private const int MaxFiles = 500;
    private readonly string _folder;
    private readonly HostileReader _reader;
    private readonly HashSet<string> _outcomes = [];
    private readonly List<byte[]> _files = [];

    private Corpus(HostileReader reader, string folder)
    {
        _reader = reader;
        _folder = folder;
        Directory.CreateDirectory(folder);
        _files.AddRange(Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes));
    }

    /// <summary>The reader with the files of the corpus beside its valid ones.</summary>
    public HostileReader Reader => _reader with { Seeds = [.. _reader.Seeds, .. _files] };

    /// <summary>Opens the corpus of a reader in the folder GENSOM_FUZZ_CORPUS; null if the variable is not set.</summary>
    public static Corpus? Open(HostileReader reader) =>
        Environment.GetEnvironmentVariable("GENSOM_FUZZ_CORPUS") is { Length: > 0 } folder
            ? new Corpus(reader, Path.Combine(folder, reader.Name.Replace(' ', '-')))
            : null;

    /// <summary>Adds a file if its outcome is new; returns whether it is.</summary>
    /// <param name="input">The file.</param>
    /// <param name="outcome">Message of the refusal; empty for an accepted file.</param>
    public bool Add(byte[] input, string outcome)
    {
        if (_files.Count >= MaxFiles || input.Length == 0 || !_outcomes.Add(Particulars().Replace(outcome, "")))
        {
            return false;
        }

        _files.Add(input);
        File.WriteAllBytes(Path.Combine(_folder, Convert.ToHexStringLower(SHA256.HashData(input))), input);
        return true;
    }

    /// <summary>Matches what a message quotes, and numbers.</summary>
    [GeneratedRegex("""'[^']*'|"[^"]*"|[0-9]+""")]
    private static partial Regex Particulars();
}
