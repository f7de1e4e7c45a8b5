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

    /// <summary>ILGPU's simulator on the CPU: a thread of the system for each thread of a group.</summary>
    Simulator,
}

/// <summary>
/// A device, opened: ILGPU's context and accelerator, and the kernels that were loaded so far. It stays open for as long as the
/// process lives, since to open it and to load kernels takes longer than a small computation.
/// </summary>
internal sealed class IlgpuDevice
{
    /// <summary>
    /// Threads of a group of the simulator, 4 warps of 4. Each is a thread of the system, and each barrier makes all of them wait.
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

    /// <summary>Its kind.</summary>
    public IlgpuKind Kind { get; }

    /// <summary>ILGPU's compiler.</summary>
    public Context Context { get; }

    /// <summary>ILGPU's handle of the device.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>What can be launched on it.</summary>
    public KernelLibrary Kernels { get; }

    /// <summary>Threads of a group, a power of two, unless a kernel has a number of its own.</summary>
    public int GroupSize { get; }

    /// <summary>
    /// The same for kernels whose threads have nothing to do with each other: on the simulator, where to gather the threads of a group takes
    /// longer than their work, each is a group of its own.
    /// </summary>
    public int LooseGroupSize => Kind == IlgpuKind.Simulator ? 1 : GroupSize;

    /// <summary>Memory of the device.</summary>
    /// <param name="length">Elements.</param>
    /// <exception cref="DeviceMemoryException">There is not so much.</exception>
    public MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(int length)
        where T : unmanaged
    {
        long asked = (long)length * Unsafe.SizeOf<T>();

        // A driver may promise memory that it has not, and fail when it is used; so the largest that it allows is asked for first.
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

    /// <summary>Gives memory back.</summary>
    public void Free(MemoryBuffer memory)
    {
        _heldBytes -= memory.LengthInBytes;
        memory.Dispose();
    }

    /// <summary>Opens a device, or gives the open one.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="index">Its number in <see cref="IlgpuDevices.List"/>.</param>
    public static IlgpuDevice Open(IlgpuKind kind, int index) =>
        Opened.GetOrAdd((kind, index), key => new Lazy<IlgpuDevice>(() => new IlgpuDevice(key.Kind, key.Index))).Value;

    /// <summary>Bytes of the largest buffer that can be had; CUDA tells what is free, OpenCL what it allows at most.</summary>
    private long FreeBytes => Accelerator switch
    {
        CudaAccelerator cuda => cuda.GetFreeMemory(),
        CLAccelerator openCL => Math.Min(
            openCL.MemorySize - _heldBytes, openCL.Device.GetDeviceInfo<long>(CLDeviceInfoType.CL_DEVICE_MAX_MEM_ALLOC_SIZE)),
        _ => long.MaxValue,
    };

    /// <summary>Names the devices of a kind to ILGPU: all of them, so that those it cannot use are listed with the reason.</summary>
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
