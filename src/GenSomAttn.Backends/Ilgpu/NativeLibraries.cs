using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>
/// Resolves the drivers' libraries under their runtime names (libcuda.so.1, libOpenCL.so.1): ILGPU loads "cuda" and "OpenCL", which .NET
/// completes to libcuda.so and libOpenCL.so, links that only development packages contain.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>Name under which imports load NVIDIA's driver.</summary>
    public const string CudaName = "cuda";

    /// <summary>
    /// A library name that does not exist. The loader's message about it, in the user's language, shows its message about any missing
    /// library.
    /// </summary>
    private const string Nowhere = "libthat-is-nowhere.so.1";

    private static readonly Lock Gate = new();
    private static bool _hooked;

    /// <summary>File name of NVIDIA's driver.</summary>
    public static string Cuda => OperatingSystem.IsWindows() ? "nvcuda" : "libcuda.so.1";

    /// <summary>File name of the OpenCL loader, which finds the drivers of devices.</summary>
    public static string OpenCL => OperatingSystem.IsWindows() ? "OpenCL" : "libOpenCL.so.1";

    /// <summary>Registers the resolver. Must be called before the first use of ILGPU, which loads the libraries only once.</summary>
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

    /// <summary>
    /// Returns what is wrong with a library; null if it loads and exports the functions. Much faster than a query through ILGPU.
    /// </summary>
    /// <param name="library">File name of the library.</param>
    /// <param name="functions">Functions that it must export.</param>
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

        // The loader skips files for other processors without a message.
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

    /// <summary>Returns the loader's message about a library that does not load: the last line of .NET's message.</summary>
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
