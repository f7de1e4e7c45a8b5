using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>Queries of NVIDIA's driver for the reason why there is no GPU, which ILGPU does not report.</summary>
internal static partial class CudaDriver
{
    private const int Success = 0;

    /// <summary>The oldest driver version with all functions of <see cref="CudaGraph"/>.</summary>
    public static readonly CudaDriverVersion Oldest = CudaDriverVersion.FromMajorMinor(11, 4);

    /// <summary>The functions of the library that are called first.</summary>
    public static string[] Functions => ["cuInit", "cuDeviceGetCount"];

    /// <summary>Returns why the driver lists no GPU; null if it lists one. Its library must be present.</summary>
    public static string? Fault()
    {
        NativeLibraries.Hook();
        int error = Initialize(0);
        if (error != Success)
        {
            return Name(error);
        }

        error = CountDevices(out int count);
        return error != Success ? Name(error) : count < 1 ? "it lists no GPU" : null;
    }

    private static string Name(int error) => Enum.IsDefined((CudaError)error) ? $"error {error}, {(CudaError)error}" : $"error {error}";

    [LibraryImport(NativeLibraries.CudaName, EntryPoint = "cuInit")]
    private static partial int Initialize(uint flags);

    [LibraryImport(NativeLibraries.CudaName, EntryPoint = "cuDeviceGetCount")]
    private static partial int CountDevices(out int count);
}
