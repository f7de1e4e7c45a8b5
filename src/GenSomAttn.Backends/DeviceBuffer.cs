namespace GenSomAttn.Backends;

/// <summary>Storage on the device of one backend. Made by <see cref="Backend{T}.Allocate{T}"/>, zero at first.</summary>
/// <typeparam name="T">float, int or byte.</typeparam>
public abstract class DeviceBuffer<T>(int length) : IDisposable
    where T : unmanaged
{
    /// <summary>Number of elements.</summary>
    public int Length { get; } = length;

    /// <summary>Copies host elements into the buffer, from element <paramref name="offset"/> on.</summary>
    public abstract void CopyFrom(ReadOnlySpan<T> source, int offset = 0);

    /// <summary>
    /// Copies host elements into the buffer without waiting for the operations queued before; none of them may use the buffer.
    /// </summary>
    public virtual void CopyFromBeside(ReadOnlySpan<T> source) => CopyFrom(source);

    /// <summary>Copies elements, from element <paramref name="offset"/> on, to the host until the destination is full.</summary>
    public abstract void CopyTo(Span<T> destination, int offset = 0);

    /// <summary>The whole buffer as an operand.</summary>
    public DeviceView<T> View => new(this, 0, Length);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the storage back.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
