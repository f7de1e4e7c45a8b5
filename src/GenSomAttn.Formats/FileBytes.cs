using Microsoft.Win32.SafeHandles;

namespace GenSomAttn.Formats;

/// <summary>
/// A part of a file, read when it is used: a set that is larger than the memory, without the pages of a mapping, which count as memory of
/// the process, and without the signal that ends a process whose mapped file is cut short.
/// </summary>
internal sealed class FileBytes : StoredBytes
{
    private readonly FileStream _file;
    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly long _fileLength;
    private readonly long _start;
    private readonly Lazy<byte[]> _all;

    /// <summary>Takes a part of a file.</summary>
    /// <param name="file">The file, as long as it must stay; it is closed when no part of it is used any more.</param>
    /// <param name="path">Name in error messages.</param>
    /// <param name="start">Where the part begins.</param>
    /// <param name="length">Bytes of the part.</param>
    public FileBytes(FileStream file, string path, long start, int length)
        : this(file, path, file.Length, start, length)
    {
    }

    private FileBytes(FileStream file, string path, long fileLength, long start, int length)
    {
        (_file, _handle, _path, _fileLength, _start, Length) = (file, file.SafeFileHandle, path, fileLength, start, length);
        _all = new Lazy<byte[]>(ReadAll);
    }

    /// <inheritdoc/>
    public override int Length { get; }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Memory => _all.Value;

    /// <inheritdoc/>
    public override void CopyTo(int start, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, Length - start);
        long length;
        try
        {
            long position = _start + start;
            int read = 1;
            for (; !destination.IsEmpty && read > 0; destination = destination[read..])
            {
                read = RandomAccess.Read(_handle, destination, position);
                position += read;
            }

            length = RandomAccess.GetLength(_handle);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"Cannot read {_path}: {exception.Message} It was read before: run again when its disk is there.", exception);
        }

        if (!destination.IsEmpty || length != _fileLength)
        {
            throw new DataException(
                $"Cannot use {_path}: it has {length} bytes and had {_fileLength}: it was changed while it was in use. Run again with an "
                + "intact file.");
        }
    }

    /// <inheritdoc/>
    public override StoredBytes First(int length) => new FileBytes(_file, _path, _fileLength, _start, length);

    private byte[] ReadAll()
    {
        byte[] all = GC.AllocateUninitializedArray<byte>(Length);
        CopyTo(0, all);
        return all;
    }
}
