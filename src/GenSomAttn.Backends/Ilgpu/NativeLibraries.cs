using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>
/// Finds the drivers' libraries under the names that they have where nobody develops: ILGPU asks for "cuda" and "OpenCL", which
/// .NET completes to libcuda.so and libOpenCL.so; those are links that come with development packages alone.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>Name under which NVIDIA's driver is asked for.</summary>
    public const string CudaName = "cuda";

    private const string Cuda = "libcuda.so.1";
    private const string CudaOnWindows = "nvcuda";
    private const string OpenCL = "libOpenCL.so.1";
    private static readonly Lock Gate = new();
    private static bool _hooked;

    /// <summary>Whether NVIDIA's driver is installed. Much faster than to ask ILGPU.</summary>
    public static bool HasCuda => Has(Cuda, CudaOnWindows);

    /// <summary>Whether an OpenCL loader is installed; it may still know no device.</summary>
    public static bool HasOpenCL => Has(OpenCL, "OpenCL");

    /// <summary>Makes the libraries known. To be called before ILGPU is first asked for a device, because it asks for them once.</summary>
    public static void Hook()
    {
        lock (Gate)
        {
            if (!_hooked)
            {
                _hooked = true;
                AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
            }
        }
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        string? installed = name switch
        {
            CudaName => OperatingSystem.IsWindows() ? CudaOnWindows : Cuda,
            "OpenCL" => OpenCL,
            _ => null,
        };
        return installed is not null && NativeLibrary.TryLoad(installed, out nint handle) ? handle : 0;
    }

    private static bool Has(string onLinux, string onWindows) =>
        NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? onWindows : onLinux, out _);
}
