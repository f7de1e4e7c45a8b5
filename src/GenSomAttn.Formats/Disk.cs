using System.Runtime.InteropServices;

namespace GenSomAttn.Formats;

/// <summary>Disk operations of the operating system.</summary>
internal sealed class Disk : IDisk
{
    private const int InvalidArgument = 22;

    /// <inheritdoc/>
    public FileStream Create(string path, long length) => new(path, new FileStreamOptions
    {
        Mode = FileMode.Create,
        Access = FileAccess.Write,
        PreallocationSize = length,
        BufferSize = 0,
    });

    /// <inheritdoc/>
    public void Write(FileStream file, ReadOnlySpan<byte> bytes) => file.Write(bytes);

    /// <inheritdoc/>
    public void Flush(FileStream file) => file.Flush(flushToDisk: true);

    /// <inheritdoc/>
    public Stream OpenRead(string path) => File.OpenRead(path);

    /// <inheritdoc/>
    public void Rename(string path, string newPath) => File.Move(path, newPath, overwrite: true);

    /// <inheritdoc/>
    public void FlushFolder(string folder)
    {
        // Windows flushes names with the file, and cannot open a folder.
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

        // EINVAL: this file system does not support fsync on folders, so there is nothing to flush.
        if ((result != 0) && (error != InvalidArgument))
        {
            throw new IOException($"cannot flush the folder {folder}: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        // If its folder is missing or inaccessible, there is nothing to delete, and File.Exists returns false.
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    public long FreeBytes(string folder) => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    /// <summary>Functions of the C library: .NET cannot open folders.</summary>
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
