namespace GenSomAttn.Formats;

/// <summary>
/// Lock file that one process at a time holds open; the operating system releases it when the process ends, also by a crash.
/// </summary>
public static class FileLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>Tries to acquire the lock. Disposing the result releases it and deletes its file.</summary>
    /// <param name="path">The file; it is created if it is missing.</param>
    /// <returns>Null while another process holds it.</returns>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static IDisposable? TryTake(string path) => TryOpen(path, FileOptions.DeleteOnClose);

    /// <summary>Waits for the lock and acquires it, for short critical sections. Its file stays, since waiting processes open it.</summary>
    /// <param name="path">The file; it is created if it is missing.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
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
            throw new FileException($"Cannot lock {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Returns whether a file could not be opened because another process holds it.</summary>
    private static bool IsHeld(IOException exception)
    {
        const int SharingViolation = 32; // Windows
        const int TryAgainLinux = 11;
        const int TryAgainMac = 35;
        return (exception.HResult & 0xFFFF) is SharingViolation or TryAgainLinux or TryAgainMac;
    }
}
