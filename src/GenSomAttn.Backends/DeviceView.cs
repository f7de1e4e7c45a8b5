namespace GenSomAttn.Backends;

/// <summary>A run of elements in a <see cref="DeviceBuffer{T}"/>: what operations take as operands.</summary>
/// <typeparam name="T">float, int or byte; double for the reference.</typeparam>
public readonly struct DeviceView<T>
    where T : unmanaged
{
    private readonly DeviceBuffer<T>? _buffer;

    /// <summary>Elements <paramref name="offset"/> to <paramref name="offset"/> + <paramref name="length"/> of a buffer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The run leaves the buffer.</exception>
    public DeviceView(DeviceBuffer<T> buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + length, buffer.Length, nameof(length));
        _buffer = buffer;
        Offset = offset;
        Length = length;
    }

    /// <summary>The buffer that holds the elements; only a view with elements has one.</summary>
    public DeviceBuffer<T> Buffer => _buffer ?? throw new InvalidOperationException("An empty view has no buffer.");

    /// <summary>Index of the first element in the buffer.</summary>
    public int Offset { get; }

    /// <summary>Number of elements; 0 for <c>default</c>, which stands for an operand that is left out.</summary>
    public int Length { get; }

    /// <summary>True for an operand that is left out.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Part of this view.</summary>
    public DeviceView<T> Slice(int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + length, Length, nameof(length));
        return new DeviceView<T>(Buffer, Offset + offset, length);
    }

    /// <summary>The first <paramref name="length"/> elements: what a smaller batch uses of a buffer planned for the largest.</summary>
    public DeviceView<T> First(int length) => Slice(0, length);

    /// <summary>Copies host elements into the first elements of the view.</summary>
    public void CopyFrom(ReadOnlySpan<T> source)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(source.Length, Length, nameof(source));
        Buffer.CopyFrom(source, Offset);
    }

    /// <summary>Copies the first elements of the view to the host until the destination is full.</summary>
    public void CopyTo(Span<T> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, Length, nameof(destination));
        Buffer.CopyTo(destination, Offset);
    }

    /// <summary>An element in host memory: the reference reads as its formulas do.</summary>
    internal ref T this[int index] => ref ((HostBuffer<T>)Buffer).Span[Offset + index];

    /// <summary>The elements as a new array on the host.</summary>
    public T[] ToArray()
    {
        var elements = new T[Length];
        if (Length > 0)
        {
            CopyTo(elements);
        }

        return elements;
    }
}
