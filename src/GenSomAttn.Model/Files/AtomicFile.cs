using System.Runtime.InteropServices;

namespace GenSomAttn.Model.Files;

/// <summary>Writes a file so that a crash or a full disk leaves the old content or the new, never a part.</summary>
/// <remarks>
/// A temporary file in the same folder is written and flushed to the disk, then renamed; then the folder is flushed, because the
/// new name is part of the folder's content and would else be lost in a power cut. The disk space is asked for before the first
/// byte, so that a full disk shows while nothing is written.
/// </remarks>
public static class AtomicFile
{
    private const int InvalidArgument = 22;

    /// <summary>Writes a file, or replaces it.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="content">The whole content.</param>
    /// <exception cref="RunException">The file cannot be written; an earlier one is as it was.</exception>
    public static void Write(string path, byte[] content) => Replace(path, () => new MemoryStream(content, writable: false));

    /// <summary>Copies a file, or replaces one by the copy, without taking memory for its content.</summary>
    /// <param name="source">What is copied.</param>
    /// <param name="path">The copy; its folder must exist.</param>
    /// <exception cref="RunException">A file cannot be read or written; an earlier copy is as it was.</exception>
    public static void Copy(string source, string path) => Replace(path, () => File.OpenRead(source));

    private static void Replace(string path, Func<Stream> open)
    {
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            using Stream content = open();
            WriteThrough(temporary, content);
            File.Move(temporary, full, overwrite: true);
            FlushFolder(Path.GetDirectoryName(full)!);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            DeleteIfThere(temporary);
            throw new RunException($"Cannot write {path}: {exception.Message}", exception);
        }
    }

    private static void WriteThrough(string path, Stream content)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            PreallocationSize = content.Length,
            BufferSize = 0,
        };
        using FileStream stream = new(path, options);
        content.CopyTo(stream);
        stream.Flush(flushToDisk: true);
    }

    private static void DeleteIfThere(string path)
    {
        // Where even its folder is missing or forbidden there is nothing to delete, and File.Exists says so.
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <summary>Windows flushes names with the file, and cannot open a folder.</summary>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Native.Open(folder, Native.ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open the folder {folder}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        int result = Native.Flush(descriptor);
        int error = Marshal.GetLastPInvokeError();
        _ = Native.Close(descriptor);

        // EINVAL: this file system keeps no folders on a disk, so there is nothing to flush.
        if ((result != 0) && (error != InvalidArgument))
        {
            throw new IOException($"cannot flush the folder {folder}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <summary>.NET opens no folders; the C library does.</summary>
    private static class Native
    {
        public const int ReadOnly = 0;

        [DllImport("libc", EntryPoint = "open", SetLastError = true, ExactSpelling = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true, ExactSpelling = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Flush(int descriptor);

        [DllImport("libc", EntryPoint = "close", SetLastError = true, ExactSpelling = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int descriptor);
    }
}
