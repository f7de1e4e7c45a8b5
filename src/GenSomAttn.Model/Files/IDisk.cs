namespace GenSomAttn.Model.Files;

/// <summary>
/// What <see cref="AtomicFiles"/> asks of a disk, operation by operation, so that a test can let each of them fail. All throw
/// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
public interface IDisk
{
    /// <summary>Makes an empty file, or empties one, and asks for the space that its content will take.</summary>
    FileStream Create(string path, long length);

    /// <summary>Writes the next bytes of a file.</summary>
    void Write(FileStream file, ReadOnlySpan<byte> bytes);

    /// <summary>Returns when all that was written is on the medium.</summary>
    void Flush(FileStream file);

    /// <summary>Opens a file to be read from its beginning.</summary>
    Stream OpenRead(string path);

    /// <summary>Gives a file another name in its folder, and so replaces a file that had that name, at one moment.</summary>
    void Rename(string path, string newPath);

    /// <summary>Returns when the names in a folder are on the medium.</summary>
    void FlushFolder(string folder);

    /// <summary>Deletes a file if it is there.</summary>
    void Delete(string path);

    /// <summary>Bytes that can still be written on the volume of a folder.</summary>
    long FreeBytes(string folder);
}
