namespace GenSomAttn.Formats;

/// <summary>Atomic file writes: after a crash or with a full disk, a file has the old content or the new, never a part.</summary>
/// <remarks>
/// A temporary file in the same folder is written, flushed (fsync), read back and compared, then renamed atomically; then the folder is
/// flushed, because the new name is part of the folder's content and could otherwise be lost in a power failure. The disk space is
/// preallocated, so that a full disk is detected before the first write. Pillai et al. ("All File Systems Are Not Created Equal",
/// OSDI 2014) found this order missing in most programs that lost data.
/// </remarks>
/// <param name="disk">Disk of the files.</param>
public sealed class AtomicFiles(IDisk disk)
{
    private const string TemporaryExtension = ".tmp";
    private const int PartBytes = 1 << 20;

    /// <summary>Atomic file writes on the local disk.</summary>
    public static AtomicFiles OnDisk { get; } = new(new Disk());

    /// <summary>Disk of the files.</summary>
    public IDisk Disk { get; } = disk;

    /// <summary>Returns whether a name is that of a temporary file, left behind by a killed process before the rename.</summary>
    public static bool IsTemporary(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(TemporaryExtension, StringComparison.Ordinal);
    }

    /// <summary>Returns the name of the temporary file of a file.</summary>
    internal static string TemporaryOf(string path) => $"{path}.{Environment.ProcessId}{TemporaryExtension}";

    /// <summary>Writes or replaces a file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">The whole content.</param>
    /// <exception cref="FileException">The file cannot be written; an existing one is unchanged.</exception>
    public void Write(string path, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        string full = Path.GetFullPath(path);
        string temporary = TemporaryOf(full);
        if (Directory.Exists(full))
        {
            throw new FileException($"Cannot write {path}: there is a folder of that name. Give the name of a file.");
        }

        try
        {
            Replace(full, temporary, content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot write {path}: {exception.Message}{DeleteAfterFailure(temporary)}", exception);
        }
    }

    /// <summary>Copies a file, replacing an existing one.</summary>
    /// <param name="source">The file to copy.</param>
    /// <param name="path">The copy; its folder must exist.</param>
    /// <exception cref="FileException">A file cannot be read or written; an existing copy is unchanged.</exception>
    public void Copy(string source, string path)
    {
        byte[] content;
        try
        {
            using Stream stream = Disk.OpenRead(source);
            content = new byte[stream.Length];
            stream.ReadExactly(content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot read {source}: {exception.Message}", exception);
        }

        Write(path, content);
    }

    /// <summary>Deletes the temporary files of killed processes in a folder and its subfolders. No other process may write there.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileException">A file cannot be deleted.</exception>
    public void DeleteTemporary(string folder)
    {
        try
        {
            foreach (string path in FolderFiles.Find(folder, TemporaryExtension).ToArray())
            {
                Disk.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"Cannot clear {folder} of temporary files: {exception.Message}", exception);
        }
    }

    private void Replace(string path, string temporary, byte[] content)
    {
        using (FileStream file = Disk.Create(temporary, content.Length))
        {
            for (int start = 0; start < content.Length; start += PartBytes)
            {
                Disk.Write(file, content.AsSpan(start, Math.Min(PartBytes, content.Length - start)));
            }

            Disk.Flush(file);
        }

        Verify(temporary, content);
        Disk.Rename(temporary, path);
        Disk.FlushFolder(Path.GetDirectoryName(path)!);
    }

    private void Verify(string path, byte[] content)
    {
        using Stream written = Disk.OpenRead(path);
        bool isSame = written.Length == content.Length;
        byte[] part = new byte[Math.Min(PartBytes, content.Length)];
        for (int start = 0; isSame && start < content.Length; start += PartBytes)
        {
            Span<byte> read = part.AsSpan(0, Math.Min(PartBytes, content.Length - start));
            written.ReadExactly(read);
            isSame = read.SequenceEqual(content.AsSpan(start, read.Length));
        }

        if (!isSame)
        {
            throw new IOException("it does not read as it was written.");
        }
    }

    /// <summary>Deletes a temporary file after a failed write; returns a note for that failure's message if this fails too.</summary>
    private string DeleteAfterFailure(string temporary)
    {
        try
        {
            Disk.Delete(temporary);
            return "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $" (and {temporary} stays behind: {exception.Message})";
        }
    }
}
