using System.IO.Compression;

namespace GenSomAttn.Formats;

/// <summary>Archive of NumPy arrays, as numpy.savez and numpy.savez_compressed write it: a zip file of .npy files.</summary>
public sealed class NpzFile : IDisposable
{
    private const string Extension = ".npy";

    private readonly string _path;
    private readonly long _length;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries;

    private NpzFile(Stream file, string path)
    {
        _path = path;
        _length = file.Length;
        _archive = new ZipArchive(file, ZipArchiveMode.Read);
        _entries = new(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in _archive.Entries)
        {
            if (!entry.FullName.EndsWith(Extension, StringComparison.Ordinal)
                || !_entries.TryAdd(entry.FullName[..^Extension.Length], entry))
            {
                throw new InvalidDataException(
                    $"its entry {entry.FullName} is no {Extension} file, or there twice. Save it again with numpy.savez.");
            }
        }
    }

    /// <summary>Names of the arrays.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Opens an archive.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">The file cannot be read or is no such archive.</exception>
    public static NpzFile Open(string path)
    {
        try
        {
            return Open(File.OpenRead(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot read {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Opens the content of an archive.</summary>
    /// <param name="file">The seekable file; it is closed with the archive.</param>
    /// <param name="path">Name in error messages.</param>
    /// <exception cref="DataException">The content is no such archive.</exception>
    public static NpzFile Open(Stream file, string path)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            return new NpzFile(file, path);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            file.Dispose();
            throw new DataException($"Cannot use {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads an array.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="kind">What it must hold.</param>
    /// <exception cref="DataException">The array is damaged or of another kind.</exception>
    public ArrayContent Read(string name, ArrayKind kind)
    {
        string path = $"{_path} ({name}{Extension})";
        try
        {
            using ContentReader reader = new(_entries[name], _length);
            return NpyReader.Read(reader, path, kind);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw new DataException($"Cannot use {path}: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _archive.Dispose();

    /// <summary>Returns whether an exception is of a damaged archive: the library does not check every offset and length itself.</summary>
    private static bool IsFault(Exception exception) => exception
        is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
