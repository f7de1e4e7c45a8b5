using System.Buffers;
using System.Runtime.CompilerServices;

namespace GenSomAttn.Backends;

/// <summary>
/// Storage in host memory, for the reference and SIMD backends: a pinned array, so that worker threads may hold its address. It
/// starts on a cache line, so that no vector of 16 floats straddles two lines, unless the memory is another's.
/// </summary>
public sealed unsafe class HostBuffer<T> : DeviceBuffer<T>
    where T : unmanaged
{
    private const int CacheLineBytes = 64;
    private readonly T[]? _array;
    private readonly int _start;
    private readonly ICollection<object>? _owner;
    private MemoryHandle _pin;

    /// <summary>Zero-filled storage.</summary>
    /// <param name="length">Elements.</param>
    /// <param name="owner">Where the backend keeps its buffers alive; a disposed buffer takes itself out.</param>
    public HostBuffer(int length, ICollection<object>? owner = null)
        : base(length)
    {
        _owner = owner;
        int slack = CacheLineBytes / sizeof(T);
        _array = GC.AllocateArray<T>(length + slack, pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref _array[0]);
        long bytesToLine = (CacheLineBytes - (address % CacheLineBytes)) % CacheLineBytes;
        _start = (int)(bytesToLine / sizeof(T));
    }

    /// <summary>Memory as it stands, not copied: a data set of hundreds of megabytes need not be there twice.</summary>
    /// <param name="memory">It is pinned until the buffer is disposed.</param>
    /// <param name="owner">As above.</param>
    public HostBuffer(ReadOnlyMemory<T> memory, ICollection<object>? owner = null)
        : base(memory.Length)
    {
        _owner = owner;
        _pin = memory.Pin();
    }

    /// <summary>The elements.</summary>
    public Span<T> Span => _array is null ? new Span<T>(_pin.Pointer, Length) : _array.AsSpan(_start, Length);

    /// <summary>Address of the first element; fixed for as long as the buffer is referenced.</summary>
    public T* Address => _array is null ? (T*)_pin.Pointer : (T*)Unsafe.AsPointer(ref _array[_start]);

    /// <inheritdoc/>
    public override void CopyFrom(ReadOnlySpan<T> source, int offset = 0) => source.CopyTo(Span[offset..]);

    /// <inheritdoc/>
    public override void CopyTo(Span<T> destination, int offset = 0) => Span.Slice(offset, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _owner?.Remove(this);
        _pin.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Access of the host backends to the elements behind a view.</summary>
internal static unsafe class HostViews
{
    /// <summary>The elements of a view; empty for an operand that is left out.</summary>
    public static Span<T> Span<T>(this DeviceView<T> view)
        where T : unmanaged => view.IsEmpty ? [] : Host(view).Span.Slice(view.Offset, view.Length);

    /// <summary>Address of the first element of a view; null for an operand that is left out.</summary>
    public static T* Address<T>(this DeviceView<T> view)
        where T : unmanaged => view.IsEmpty ? null : Host(view).Address + view.Offset;

    private static HostBuffer<T> Host<T>(DeviceView<T> view)
        where T : unmanaged
        => view.Buffer as HostBuffer<T>
            ?? throw new ArgumentException(
                $"A buffer of {view.Buffer.GetType().Name} was given to a backend that computes in host memory.");
}
