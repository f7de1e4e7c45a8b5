using System.Runtime.CompilerServices;
using GenSomAttn.Backends;

namespace GenSomAttn.Engine;

/// <summary>
/// Owner of all device buffers of a model. Layers allocate from it when they are built and hold views only, so that one call to
/// <see cref="Dispose"/> frees all of them.
/// </summary>
public sealed class DeviceMemory(Backend<float> backend) : IDisposable
{
    private readonly List<IDisposable> _buffers = [];

    /// <summary>Bytes allocated so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Allocates a zero-filled buffer that lives as long as this owner.</summary>
    /// <typeparam name="T">float, int or byte.</typeparam>
    /// <param name="length">Elements; at least 1.</param>
    public DeviceView<T> Take<T>(int length)
        where T : unmanaged
    {
        DeviceBuffer<T> buffer = backend.Allocate<T>(length);
        _buffers.Add(buffer);
        Bytes += (long)length * Unsafe.SizeOf<T>();
        return buffer.View;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable buffer in _buffers)
        {
            buffer.Dispose();
        }

        _buffers.Clear();
    }
}
