using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>Lists of the devices of a kind, with the reason and the remedy where there is none.</summary>
internal static class IlgpuDevices
{
    private const string InstallNvidia = "install NVIDIA's driver";
    private const string InstallOpenCL = "install pocl-opencl-icd >= 7 or the GPU's driver";

    /// <summary>Lists the devices of a kind in the order of their numbers, including those that cannot run the kernels.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="missing">The reason and the remedy if there is no device; else null.</param>
    public static IReadOnlyList<DeviceInfo> List(IlgpuKind kind, out string? missing)
    {
        missing = WithoutLibrary(kind);
        if (missing is not null)
        {
            return [];
        }

        // ILGPU adds its simulator to a context without any other device, hence the filter.
        using Context context = KernelCompiler.CreateContext(builder => IlgpuDevice.AddDevices(builder, kind));
        DeviceInfo[] devices =
        [
            .. context.Devices.Select((device, number) => (device, number)).Where(each => IsOf(kind, each.device))
                .Select(each => Describe(each.device, each.number)),
        ];
        missing = devices.Length == 0 ? WithoutDevice(kind) : null;
        return devices;
    }

    private static bool IsOf(IlgpuKind kind, Device device) => kind switch
    {
        IlgpuKind.Cuda => device is CudaDevice,
        IlgpuKind.OpenCL => device is CLDevice,
        _ => device is CPUDevice,
    };

    private static string? WithoutLibrary(IlgpuKind kind) => kind switch
    {
        IlgpuKind.Cuda => WithoutCuda(),
        IlgpuKind.OpenCL => NativeLibraries.Fault(NativeLibraries.OpenCL, "clGetPlatformIDs", "clGetDeviceIDs") is { } fault
            ? $"{fault}: install ocl-icd-libopencl1, and pocl-opencl-icd >= 7 or the GPU's driver"
            : null,
        _ => null,
    };

    private static string? WithoutCuda()
    {
        if (NativeLibraries.Fault(NativeLibraries.Cuda, CudaDriver.Functions) is { } fault)
        {
            return $"{fault}: {InstallNvidia}";
        }

        return CudaDriver.Fault() is { } reason
            ? $"{NativeLibraries.Cuda} is here, but finds no usable GPU ({reason}): {Unset("CUDA_VISIBLE_DEVICES")}{InstallNvidia}"
            : null;
    }

    private static string WithoutDevice(IlgpuKind kind) => kind == IlgpuKind.Cuda
        ? $"{NativeLibraries.Cuda} is here and counts GPUs, but describes none that ILGPU knows: {InstallNvidia} for them"
        : $"{NativeLibraries.OpenCL} is here, but no driver lists a device: {Unset("OCL_ICD_VENDORS")}{InstallOpenCL}";

    /// <summary>Returns the advice to unset an environment variable that hides devices; empty if it is not set.</summary>
    private static string Unset(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } value ? $"unset {variable}, which is '{value}', or " : string.Empty;

    private static DeviceInfo Describe(Device device, int number)
    {
        (string driver, string? reason) = device switch
        {
            CudaDevice cuda => ($"driver for CUDA {cuda.DriverVersion}, compute capability {cuda.Architecture}", TooOld(cuda)),
            CLDevice openCL => (
                $"{openCL.PlatformName}, {openCL.CLStdVersion}",
                openCL.Capabilities.GenericAddressSpace
                    ? null : $"its driver has no generic address space (OpenCL 2.0): {InstallOpenCL}"),
            CPUDevice => ("ILGPU's simulator", (string?)null),
            _ => throw new ArgumentException($"{device.GetType().Name} is not a supported kind of device.", nameof(device)),
        };
        return new DeviceInfo(number, device.Name, device.MemorySize, driver, reason is null, reason ?? "present");
    }

    private static string? TooOld(CudaDevice device) => device.DriverVersion < CudaDriver.Oldest
        ? $"its driver is for CUDA {device.DriverVersion}, and {CudaDriver.Oldest} is needed: install a newer one"
        : null;
}
