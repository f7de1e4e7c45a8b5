namespace GenSomAttn.Formats;

/// <summary>
/// Bytes that are written one after another into a temporary file and then read, because they may be more than the memory. The file has no
/// name any more while it is in use, so that the operating system removes it at the end of the process, however that ends.
/// </summary>
public sealed class SpoolFile
{
    private readonly string _path;
    private readonly FileStream _file;

    private SpoolFile(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>Creates the file.</summary>
    /// <param name="path">A path that is free, in a folder that exists.</param>
    /// <exception cref="FileException">It cannot be created.</exception>
    public static SpoolFile Create(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            File.Delete(path);
            var spool = new SpoolFile(path, file);
            file = null;
            return spool;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, exception);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Writes the next bytes.</summary>
    /// <exception cref="FileException">They cannot be written.</exception>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _file.Write(bytes);
        }
        catch (IOException exception)
        {
            throw Failed(_path, exception);
        }
    }

    /// <summary>Returns all bytes, which stay in the file; no more can be written.</summary>
    /// <exception cref="FileException">The last bytes cannot be written.</exception>
    public StoredBytes ToBytes()
    {
        try
        {
            _file.Flush();
        }
        catch (IOException exception)
        {
            throw Failed(_path, exception);
        }

        return new FileBytes(_file, _path, 0, (int)_file.Length);
    }

    private static FileException Failed(string path, Exception exception) =>
        new($"Cannot write {path}: {exception.Message}", exception);
}
