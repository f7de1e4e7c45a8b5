using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>
/// All operations as kernels of a device. An operation queues its kernels asynchronously in one stream and returns; only copies to and
/// from the host synchronize. Each operation's file describes its kernels and their numbers of threads.
/// </summary>
internal sealed partial class IlgpuBackend : Backend<float>
{
    /// <summary>
    /// Floats of the workspace, which holds intermediate results between an operation's kernels. The size is fixed, so that no operation
    /// allocates; an operation that needs more works in parts whose number depends on sizes alone.
    /// </summary>
    private const int WorkspaceLength = 4 << 20;

    private readonly IlgpuDevice _device;
    private readonly HashSet<IDisposable> _buffers = [];
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _workspace;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _zeros;
    private AcceleratorStream? _uploadStream;
    private DeviceCounters _counters;
    private bool _disposed;

    /// <summary>Opens a device.</summary>
    /// <param name="name">Name on the accelerator flag.</param>
    /// <param name="kind">Kind of device.</param>
    /// <param name="index">Index among the devices of this kind.</param>
    public IlgpuBackend(string name, IlgpuKind kind, int index)
    {
        Name = name;
        _device = IlgpuDevice.Open(kind, index);
        Stream = _device.Accelerator.CreateStream();
        _workspace = _device.Allocate<float>(WorkspaceLength);
        _zeros = _device.Allocate<float>(4);
        _zeros.MemSetToZero(Stream);
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Description => _device.Accelerator.Name;

    /// <inheritdoc/>
    public override bool ComputesInHostMemory => false;

    /// <inheritdoc/>
    public override long FreeBytes => _device.FreeBytes;

    /// <inheritdoc/>
    public override DeviceCounters? Counters => _counters;

    /// <summary>The stream of launches and copies, which are executed in the order of the calls.</summary>
    internal AcceleratorStream Stream { get; }

    /// <summary>The stream of uploads beside the launches; made when it is first used.</summary>
    internal AcceleratorStream UploadStream => _uploadStream ??= _device.Accelerator.CreateStream();

    private int GroupSize => _device.GroupSize;

    /// <summary>(4) zeros, read for the padding of images.</summary>
    private ArrayView<float> Zeros => _zeros.View.AsContiguous();

    /// <inheritdoc/>
    public override DeviceBuffer<TElement> Allocate<TElement>(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        MemoryBuffer1D<TElement, Stride1D.Dense> memory = _device.Allocate<TElement>(length);
        memory.MemSetToZero(Stream);
        _counters = _counters with { Allocations = _counters.Allocations + 1 };
        var buffer = new IlgpuBuffer<TElement>(this, memory);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <inheritdoc/>
    public override CapturedStep CaptureStep(Action work) =>
        Stream is CudaStream stream ? new CudaGraph(this, work, stream) : base.CaptureStep(work);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Stream.Synchronize();
        foreach (IDisposable buffer in _buffers.ToArray())
        {
            buffer.Dispose();
        }

        _device.Free(_workspace);
        _device.Free(_zeros);
        _uploadStream?.Dispose();
        Stream.Dispose();
    }

    /// <summary>Launches that a replayed graph made, which pass by <see cref="Launch{T1, T2}"/>.</summary>
    internal void CountLaunches(long launches) => _counters = _counters with { Launches = _counters.Launches + launches };

    internal void CountToDevice<T>(int elements) =>
        _counters = _counters with { BytesToDevice = _counters.BytesToDevice + ((long)elements * Unsafe.SizeOf<T>()) };

    internal void CountToHost<T>(int elements) =>
        _counters = _counters with { BytesToHost = _counters.BytesToHost + ((long)elements * Unsafe.SizeOf<T>()) };

    /// <summary>Frees the memory of a buffer; further calls do nothing.</summary>
    internal void Free(IDisposable buffer, MemoryBuffer memory)
    {
        if (_buffers.Remove(buffer))
        {
            _device.Free(memory);
        }
    }

    /// <summary>Returns the elements of a view as a kernel's argument; empty for an omitted operand.</summary>
    private static ArrayView<T> On<T>(DeviceView<T> view)
        where T : unmanaged
    {
        if (view.IsEmpty)
        {
            return ArrayView<T>.Empty;
        }

        IlgpuBuffer<T> buffer = view.Buffer as IlgpuBuffer<T>
            ?? throw new ArgumentException($"A buffer of {view.Buffer.GetType().Name} was given to a backend that computes on a device.");
        return buffer.Elements.SubView(view.Offset, view.Length);
    }

    /// <summary>Returns whether a view begins at a multiple of four floats, as vector loads need; true for an omitted operand.</summary>
    private static bool IsAligned(DeviceView<float> view) => view.IsEmpty || view.Offset % 4 == 0;

    /// <summary>Returns the first elements of the workspace. The next operation overwrites them.</summary>
    internal ArrayView<float> Workspace(int length) => _workspace.View.AsContiguous().SubView(0, length);
}
