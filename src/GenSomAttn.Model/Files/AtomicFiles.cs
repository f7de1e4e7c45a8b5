namespace GenSomAttn.Model.Files;

/// <summary>Writes files so that a crash or a full disk leaves the old content or the new, never a part.</summary>
/// <remarks>
/// A temporary file in the same folder is written, flushed to the disk, read again and compared, then renamed; then the folder is
/// flushed, because the new name is part of the folder's content and would else be lost in a power cut. The disk space is asked for
/// before the first byte, so that a full disk shows while nothing is written. The order is what Pillai et al. ("All File Systems Are
/// Not Created Equal", OSDI 2014) found to be missing in most programs that lost data.
/// </remarks>
/// <param name="disk">Where the files are.</param>
public sealed class AtomicFiles(IDisk disk)
{
    private const string TemporaryExtension = ".tmp";
    private const int PartBytes = 1 << 20;

    /// <summary>Files on the disk of this computer.</summary>
    public static AtomicFiles OnDisk { get; } = new(new Disk());

    /// <summary>Where the files are.</summary>
    public IDisk Disk { get; } = disk;

    /// <summary>Whether a file of this name is one that was not renamed, since its writer was killed.</summary>
    internal static bool IsTemporary(string name) => name.EndsWith(TemporaryExtension, StringComparison.Ordinal);

    /// <summary>Writes a file, or replaces it.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">The whole content.</param>
    /// <exception cref="RunException">The file cannot be written; an earlier one is as it was.</exception>
    public void Write(string path, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Environment.ProcessId}{TemporaryExtension}";
        if (Directory.Exists(full))
        {
            throw new RunException($"Cannot write {path}: there is a folder of that name. Give the name of a file.");
        }

        try
        {
            Replace(full, temporary, content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"Cannot write {path}: {exception.Message}{DeleteAfterFailure(temporary)}", exception);
        }
    }

    /// <summary>Copies a file, or replaces one by the copy.</summary>
    /// <param name="source">What is copied.</param>
    /// <param name="path">The copy; its folder must exist.</param>
    /// <exception cref="RunException">A file cannot be read or written; an earlier copy is as it was.</exception>
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
            throw new RunException($"Cannot read {source}: {exception.Message}", exception);
        }

        Write(path, content);
    }

    /// <summary>Deletes what processes that were killed left behind in a folder and those within it. No other process may write there.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="RunException">A file cannot be deleted.</exception>
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
            throw new RunException($"Cannot clear {folder} of temporary files: {exception.Message}", exception);
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

    /// <summary>Deletes a temporary file; says so if it cannot, since the failure before is the one to tell of.</summary>
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
