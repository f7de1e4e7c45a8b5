namespace GenSomAttn.Formats;

/// <summary>
/// Disk operations of <see cref="AtomicFiles"/>, as an interface so that a test can make each of them fail. All throw
/// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
public interface IDisk
{
    /// <summary>Creates or truncates a file and preallocates the space of its content.</summary>
    FileStream Create(string path, long length);

    /// <summary>Writes the next bytes of a file.</summary>
    void Write(FileStream file, ReadOnlySpan<byte> bytes);

    /// <summary>Flushes a file to the medium (fsync).</summary>
    void Flush(FileStream file);

    /// <summary>Opens a file for reading.</summary>
    Stream OpenRead(string path);

    /// <summary>Renames a file within its folder atomically, replacing an existing one.</summary>
    void Rename(string path, string newPath);

    /// <summary>Flushes the entries of a folder to the medium (fsync).</summary>
    void FlushFolder(string folder);

    /// <summary>Deletes a file if it exists.</summary>
    void Delete(string path);

    /// <summary>Returns the free bytes of the volume of a folder.</summary>
    long FreeBytes(string folder);
}
