namespace GenSomAttn.Model.Files;

/// <summary>A file that one process at a time holds open; when that one ends, however it ends, others can have it.</summary>
public static class FileLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes the lock, if nobody has it. It is given back when the result is disposed of, and its file deleted.</summary>
    /// <param name="path">The file; it is made if it is missing.</param>
    /// <returns>Null while another process has it.</returns>
    /// <exception cref="RunException">The file cannot be written.</exception>
    public static IDisposable? TryTake(string path) => TryOpen(path, FileOptions.DeleteOnClose);

    /// <summary>Takes the lock as soon as nobody else has it: for moments. Its file stays, because those who wait have it open.</summary>
    /// <param name="path">The file; it is made if it is missing.</param>
    /// <exception cref="RunException">The file cannot be written.</exception>
    public static IDisposable Take(string path)
    {
        FileStream? held;
        while ((held = TryOpen(path, FileOptions.None)) is null)
        {
            Thread.Sleep(Patience);
        }

        return held;
    }

    private static FileStream? TryOpen(string path, FileOptions options)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, options);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"Cannot lock {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Whether a file could not be opened because another process has it.</summary>
    private static bool IsHeld(IOException exception)
    {
        const int SharingViolation = 32; // Windows
        const int TryAgainLinux = 11;
        const int TryAgainMac = 35;
        return (exception.HResult & 0xFFFF) is SharingViolation or TryAgainLinux or TryAgainMac;
    }
}
