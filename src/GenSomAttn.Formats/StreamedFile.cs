namespace GenSomAttn.Formats;

/// <summary>
/// A file that is written part by part, because it may be larger than the memory: a temporary file, which gets the file's name by atomic
/// rename when it is complete, and is deleted otherwise.
/// </summary>
public sealed class StreamedFile : IDisposable
{
    private const int PartBytes = 1 << 16;
    private readonly IDisk _disk = AtomicFiles.OnDisk.Disk;
    private readonly string _temporary;
    private readonly FileStream _file;

    /// <summary>Creates the temporary file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="FileException">It cannot be created.</exception>
    public StreamedFile(string path)
    {
        _temporary = AtomicFiles.TemporaryOf(Path.GetFullPath(path));
        try
        {
            _file = _disk.Create(_temporary, length: 0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot write {path}: {exception.Message}", exception);
        }

        Content = new BufferedStream(_file, PartBytes);
    }

    /// <summary>Stream of the content.</summary>
    public Stream Content { get; }

    /// <summary>Writes the content to the medium (fsync); no more can be written.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Complete()
    {
        Content.Flush();
        _disk.Flush(_file);
        Content.Dispose();
    }

    /// <summary>Returns whether an existing file holds the content, which must be complete.</summary>
    public bool IsIn(string path)
    {
        using var own = new BufferedStream(_disk.OpenRead(_temporary), PartBytes);
        using var other = new BufferedStream(_disk.OpenRead(path), PartBytes);
        bool isSame = own.Length == other.Length;
        for (int value = 0; isSame && value >= 0;)
        {
            value = own.ReadByte();
            isSame = value == other.ReadByte();
        }

        return isSame;
    }

    /// <summary>Completes the content and copies it.</summary>
    /// <exception cref="IOException">It cannot be written or read.</exception>
    public void CopyTo(Stream stream)
    {
        Complete();
        using Stream content = _disk.OpenRead(_temporary);
        content.CopyTo(stream);
    }

    /// <summary>Gives the complete file its name, replacing an existing file.</summary>
    /// <param name="path">Path in the folder of the temporary file.</param>
    /// <exception cref="FileException">It cannot be renamed.</exception>
    public void SaveAs(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            _disk.Rename(_temporary, full);
            _disk.FlushFolder(Path.GetDirectoryName(full)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot write {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Deletes the temporary file, unless it was saved.</summary>
    public void Dispose()
    {
        try
        {
            Content.Dispose();
        }
        finally
        {
            // Also if the rest of the content does not fit the disk.
            _file.Dispose();
            _disk.Delete(_temporary);
        }
    }
}
