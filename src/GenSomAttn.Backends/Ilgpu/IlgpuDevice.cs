using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>A kind of device that runs the kernels.</summary>
internal enum IlgpuKind
{
    /// <summary>NVIDIA GPUs, by their driver.</summary>
    Cuda,

    /// <summary>Anything with an OpenCL driver.</summary>
    OpenCL,

    /// <summary>ILGPU's simulator on the CPU, with an operating-system thread for each thread of a group.</summary>
    Simulator,
}

/// <summary>
/// An open device: ILGPU's context and accelerator, and the kernels loaded so far. It stays open until the process ends, because opening
/// it and loading kernels takes longer than a small computation.
/// </summary>
internal sealed class IlgpuDevice
{
    /// <summary>
    /// Threads of a warp and warps of a group on the simulator, 16 threads in all. Each is an operating-system thread, and each barrier
    /// makes all of them wait.
    /// </summary>
    private const int SimulatedWarp = 4;

    private const int MaxThreadsOfGroup = 256;
    private static readonly ConcurrentDictionary<(IlgpuKind Kind, int Index), Lazy<IlgpuDevice>> Opened = new();

    private long _heldBytes;

    private IlgpuDevice(IlgpuKind kind, int index)
    {
        Kind = kind;
        Context = KernelCompiler.CreateContext(builder => AddDevices(builder, kind));
        Accelerator = Context.Devices[index].CreateAccelerator(Context);
        Kernels = new KernelLibrary(Accelerator);
        GroupSize = Math.Min(MaxThreadsOfGroup, Accelerator.MaxNumThreadsPerGroup);
    }

    /// <summary>Kind of the device.</summary>
    public IlgpuKind Kind { get; }

    /// <summary>ILGPU's context, which compiles the kernels.</summary>
    public Context Context { get; }

    /// <summary>ILGPU's handle of the device.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>The loaded kernels.</summary>
    public KernelLibrary Kernels { get; }

    /// <summary>Threads of a group, a power of two, for kernels without a fixed group size.</summary>
    public int GroupSize { get; }

    /// <summary>
    /// Group size of kernels with independent threads. On the simulator it is 1, because starting the threads of a group takes longer
    /// than their work.
    /// </summary>
    public int LooseGroupSize => Kind == IlgpuKind.Simulator ? 1 : GroupSize;

    /// <summary>Allocates memory of the device.</summary>
    /// <param name="length">Elements.</param>
    /// <exception cref="DeviceMemoryException">The device has not enough free memory.</exception>
    public MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(int length)
        where T : unmanaged
    {
        long asked = (long)length * Unsafe.SizeOf<T>();

        // A driver may grant more memory than it has and fail at its first use, so the size is checked against the limit first.
        if (asked > FreeBytes)
        {
            throw new DeviceMemoryException(Accelerator.Name, asked, _heldBytes, FreeBytes, null);
        }

        try
        {
            MemoryBuffer1D<T, Stride1D.Dense> memory = Accelerator.Allocate1D<T>(length);
            _heldBytes += asked;
            return memory;
        }
        catch (AcceleratorException exception)
        {
            throw new DeviceMemoryException(Accelerator.Name, asked, _heldBytes, FreeBytes, exception);
        }
    }

    /// <summary>Frees memory of the device.</summary>
    public void Free(MemoryBuffer memory)
    {
        _heldBytes -= memory.LengthInBytes;
        memory.Dispose();
    }

    /// <summary>Opens a device, or returns the open one.</summary>
    /// <param name="kind">Kind of the device.</param>
    /// <param name="index">Number of the device in <see cref="IlgpuDevices.List"/>.</param>
    public static IlgpuDevice Open(IlgpuKind kind, int index) =>
        Opened.GetOrAdd((kind, index), key => new Lazy<IlgpuDevice>(() => new IlgpuDevice(key.Kind, key.Index))).Value;

    /// <summary>
    /// Bytes of the largest possible buffer: the free memory on CUDA; on OpenCL the memory not yet allocated, up to the driver's limit
    /// for one buffer; on the simulator the host's memory not yet allocated.
    /// </summary>
    public long FreeBytes => Accelerator switch
    {
        CudaAccelerator cuda => cuda.GetFreeMemory(),
        CLAccelerator openCL => Math.Min(
            openCL.MemorySize - _heldBytes, openCL.Device.GetDeviceInfo<long>(CLDeviceInfoType.CL_DEVICE_MAX_MEM_ALLOC_SIZE)),
        _ => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - _heldBytes,
    };

    /// <summary>Adds all devices of a kind to a context, so that unusable ones are listed with the reason.</summary>
    public static void AddDevices(Context.Builder builder, IlgpuKind kind)
    {
        switch (kind)
        {
            case IlgpuKind.Cuda:
                builder.Cuda(_ => true);
                break;
            case IlgpuKind.OpenCL:
                builder.OpenCL(_ => true);
                break;
            default:
                builder.CPU(new CPUDevice(SimulatedWarp, SimulatedWarp, Environment.ProcessorCount));
                break;
        }
    }
}
