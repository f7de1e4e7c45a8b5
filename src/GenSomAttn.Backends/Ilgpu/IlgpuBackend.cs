using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>
/// All operations as kernels of a device. An operation launches its kernels into one stream and returns; nothing waits for the device
/// but a copy to or from the host. Each operation's file says what its kernels are and how many threads they take.
/// </summary>
internal sealed partial class IlgpuBackend : IBackend
{
    /// <summary>
    /// Floats of the workspace, in which an operation keeps what lies between its kernels. Fixed, so that no operation allocates; one
    /// that could use more works in parts whose number depends on sizes alone.
    /// </summary>
    private const int WorkspaceLength = 4 << 20;

    private readonly IlgpuDevice _device;
    private readonly HashSet<IDisposable> _buffers = [];
    private readonly List<CudaGraph> _graphs = [];
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _workspace;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _zeros;
    private DeviceCounters _counters;
    private bool _disposed;

    /// <summary>Opens a device.</summary>
    /// <param name="name">Name on the accelerator flag.</param>
    /// <param name="kind">Kind of device.</param>
    /// <param name="index">Which of that kind.</param>
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
    public string Name { get; }

    /// <inheritdoc/>
    public string Description => _device.Accelerator.Name;

    /// <inheritdoc/>
    public bool ComputesInHostMemory => false;

    /// <inheritdoc/>
    public DeviceCounters? Counters => _counters;

    /// <summary>The one queue of all launches and copies: they are done in the order in which they are asked for.</summary>
    internal AcceleratorStream Stream { get; }

    private int GroupSize => _device.GroupSize;

    /// <summary>(4): what lies around images.</summary>
    private ArrayView<float> Zeros => _zeros.View.AsContiguous();

    /// <inheritdoc/>
    public DeviceBuffer<T> Allocate<T>(int length)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        MemoryBuffer1D<T, Stride1D.Dense> memory = _device.Allocate<T>(length);
        memory.MemSetToZero(Stream);
        _counters = _counters with { Allocations = _counters.Allocations + 1 };
        var buffer = new IlgpuBuffer<T>(this, memory);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <inheritdoc/>
    public Action CaptureStep(Action work)
    {
        if (Stream is not CudaStream stream)
        {
            return work;
        }

        CudaGraph graph = new(work, stream);
        _graphs.Add(graph);
        long launches = 0;
        return () =>
        {
            long before = _counters.Launches;
            graph.Run();

            // Work that the device has kept passes by the counter.
            if (_counters.Launches == before)
            {
                _counters = _counters with { Launches = before + launches };
            }

            launches = _counters.Launches - before;
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Stream.Synchronize();
        _graphs.ForEach(graph => graph.Dispose());
        foreach (IDisposable buffer in _buffers.ToArray())
        {
            buffer.Dispose();
        }

        _device.Free(_workspace);
        _device.Free(_zeros);
        Stream.Dispose();
    }

    internal void CountToDevice<T>(int elements) =>
        _counters = _counters with { BytesToDevice = _counters.BytesToDevice + ((long)elements * Unsafe.SizeOf<T>()) };

    internal void CountToHost<T>(int elements) =>
        _counters = _counters with { BytesToHost = _counters.BytesToHost + ((long)elements * Unsafe.SizeOf<T>()) };

    /// <summary>Gives the memory of a buffer back, once.</summary>
    internal void Free(IDisposable buffer, MemoryBuffer memory)
    {
        if (_buffers.Remove(buffer))
        {
            _device.Free(memory);
        }
    }

    /// <summary>The elements of a view, for a kernel; none for an operand that is left out.</summary>
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

    /// <summary>Whether a view begins where a kernel may read four floats at once; an operand that is left out does.</summary>
    private static bool IsAligned(DeviceView<float> view) => view.IsEmpty || view.Offset % 4 == 0;

    /// <summary>The first elements of the workspace. What an operation leaves there is lost when the next one begins.</summary>
    internal ArrayView<float> Workspace(int length) => _workspace.View.AsContiguous().SubView(0, length);
}
