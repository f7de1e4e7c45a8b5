using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>Finds the devices of a kind, and says what is missing where there is none.</summary>
internal static class IlgpuDevices
{
    /// <summary>The devices of a kind, in the order of their numbers. Those that cannot run the kernels are among them.</summary>
    public static IReadOnlyList<DeviceInfo> List(IlgpuKind kind)
    {
        if (!HasLibrary(kind))
        {
            return [];
        }

        using Context context = KernelCompiler.CreateContext(builder => IlgpuDevice.AddDevices(builder, kind));
        return [.. context.Devices.Select((device, number) => Describe(device, number))];
    }

    /// <summary>What has to be installed for a kind of which no device was found.</summary>
    public static string Missing(IlgpuKind kind) => kind switch
    {
        IlgpuKind.Cuda when !HasLibrary(kind) => "no libcuda.so.1: install NVIDIA's driver",
        IlgpuKind.Cuda => "NVIDIA's driver finds no GPU",
        IlgpuKind.OpenCL when !HasLibrary(kind) =>
            "no libOpenCL.so.1: install ocl-icd-libopencl1 and pocl-opencl-icd >= 6",
        _ => "no OpenCL device: install a driver, such as pocl-opencl-icd >= 6",
    };

    private static bool HasLibrary(IlgpuKind kind) => kind switch
    {
        IlgpuKind.Cuda => NativeLibraries.HasCuda,
        IlgpuKind.OpenCL => NativeLibraries.HasOpenCL,
        _ => true,
    };

    private static DeviceInfo Describe(Device device, int number)
    {
        (string driver, string? reason) = device switch
        {
            CudaDevice cuda => ($"driver for CUDA {cuda.DriverVersion}, compute capability {cuda.Architecture}", null),
            CLDevice openCL => (
                $"{openCL.PlatformName}, {openCL.CLStdVersion}",
                openCL.Capabilities.GenericAddressSpace ? null : "its driver has no generic address space (OpenCL 2.0)"),
            CPUDevice => ("ILGPU's simulator", (string?)null),
            _ => throw new ArgumentException($"{device.GetType().Name} is no device that is asked for.", nameof(device)),
        };
        return new DeviceInfo(number, device.Name, device.MemorySize, driver, reason is null, reason ?? "present");
    }
}
