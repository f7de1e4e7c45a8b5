using ILGPU;
using ILGPU.Runtime;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>A buffer in device memory. Copies wait for all operations queued before them, except those that go beside.</summary>
internal sealed class IlgpuBuffer<T> : DeviceBuffer<T>
    where T : unmanaged
{
    private readonly IlgpuBackend _backend;
    private readonly MemoryBuffer1D<T, Stride1D.Dense> _memory;

    /// <summary>Wraps memory of the device and takes ownership of it.</summary>
    public IlgpuBuffer(IlgpuBackend backend, MemoryBuffer1D<T, Stride1D.Dense> memory)
        : base(checked((int)memory.Length))
    {
        _backend = backend;
        _memory = memory;
    }

    /// <summary>The elements, for kernels.</summary>
    public ArrayView<T> Elements => _memory.View.AsContiguous();

    /// <inheritdoc/>
    public override void CopyFrom(ReadOnlySpan<T> source, int offset = 0)
    {
        if (source.Length > 0)
        {
            _memory.View.SubView(offset, source.Length).CopyFromCPU(_backend.Stream, source);
            _backend.CountToDevice<T>(source.Length);
        }
    }

    /// <inheritdoc/>
    public override void CopyFromBeside(ReadOnlySpan<T> source)
    {
        _memory.View.SubView(0, source.Length).CopyFromCPU(_backend.UploadStream, source);
        _backend.CountToDevice<T>(source.Length);
    }

    /// <inheritdoc/>
    public override void CopyTo(Span<T> destination, int offset = 0)
    {
        if (destination.Length > 0)
        {
            _memory.View.SubView(offset, destination.Length).CopyToCPU(_backend.Stream, destination);
            _backend.CountToHost<T>(destination.Length);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _backend.Free(this, _memory);
        base.Dispose(disposing);
    }
}
