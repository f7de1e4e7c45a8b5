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

    /// <summary>A name that no library has: what the loader says of it, it says of each that is missing, in the user's language.</summary>
    private const string Nowhere = "libthat-is-nowhere.so.1";

    private static readonly Lock Gate = new();
    private static bool _hooked;

    /// <summary>File name of NVIDIA's driver.</summary>
    public static string Cuda => OperatingSystem.IsWindows() ? "nvcuda" : "libcuda.so.1";

    /// <summary>File name of the OpenCL loader, which finds the drivers of devices.</summary>
    public static string OpenCL => OperatingSystem.IsWindows() ? "OpenCL" : "libOpenCL.so.1";

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

    /// <summary>What is wrong with a library; null if it loads and has some functions. Much faster than to ask ILGPU.</summary>
    /// <param name="library">Its file name.</param>
    /// <param name="functions">What it must have.</param>
    public static string? Fault(string library, params string[] functions)
    {
        if (NativeLibrary.TryLoad(library, out nint handle))
        {
            string? absent = functions.FirstOrDefault(function => !NativeLibrary.TryGetExport(handle, function, out _));
            return absent is null ? null : $"{library} is here, but has no function {absent}";
        }

        string error = LoadError(library);
        if (error != LoadError(Nowhere).Replace(Nowhere, library, StringComparison.Ordinal))
        {
            return $"{library} is here, but does not load ({error})";
        }

        // The loader passes over files for other processors as if they were not there.
        return SearchedFolders().Select(folder => Path.Combine(folder, library)).FirstOrDefault(File.Exists) is { } path
            ? $"{path} is here, but does not load (it is for another processor)"
            : $"no {library}";
    }

    private static nint Resolve(Assembly assembly, string name)
    {
        string? installed = name switch
        {
            CudaName => Cuda,
            "OpenCL" => OpenCL,
            _ => null,
        };
        return installed is not null && NativeLibrary.TryLoad(installed, out nint handle) ? handle : 0;
    }

    /// <summary>The loader's own words about a library that does not load: .NET's message ends with them.</summary>
    private static string LoadError(string library)
    {
        try
        {
            NativeLibrary.Load(library);
            return "it loaded when it was tried again";
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            return exception.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
        }
    }

    private static IEnumerable<string> SearchedFolders() => OperatingSystem.IsLinux()
        ? [
            .. (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? string.Empty).Split(
                [':', ';'], StringSplitOptions.RemoveEmptyEntries),
            "/lib64", "/usr/lib64", "/lib", "/usr/lib",
        ]
        : [];
}
