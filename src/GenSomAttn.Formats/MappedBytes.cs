using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace GenSomAttn.Formats;

/// <summary>
/// A part of a file in memory by mapping, read-only: the system reads pages when they are used and may drop them again, so that a large
/// file takes no memory of the process's own. If the file is cut short meanwhile, an access ends the process (SIGBUS). It stays mapped
/// until the process ends: a finalizer could unmap it under a span that is still read.
/// </summary>
internal sealed unsafe class MappedBytes : MemoryManager<byte>
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _length;
    private byte* _start;

    private MappedBytes(MemoryMappedViewAccessor view, int length)
    {
        _view = view;
        _length = length;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += view.PointerOffset;
    }

    /// <summary>Maps a part of a file; the mapping outlives the stream.</summary>
    /// <exception cref="IOException">The file is shorter by now, or cannot be mapped.</exception>
    public static MappedBytes Of(FileStream file, long start, int length)
    {
        if (file.Length < start + length)
        {
            throw new IOException("it was cut short while it was read.");
        }

        using var mapping = MemoryMappedFile.CreateFromFile(
            file, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        return new MappedBytes(mapping.CreateViewAccessor(start, length, MemoryMappedFileAccess.Read), length);
    }

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(_start, _length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex, pinnable: this);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_start is not null)
        {
            _start = null;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
        }
    }
}
