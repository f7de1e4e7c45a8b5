using System.Reflection;
using GenSomAttn.Backends.Ilgpu;

namespace GenSomAttn.Tests.Kernels;

/// <summary>The compiled texts of every kernel of <see cref="KernelList"/> for each kind of GPU; compiling needs no GPU.</summary>
internal static class KernelTexts
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 256;

    /// <summary>All kernels, by "Class.Method" and type arguments.</summary>
    public static IReadOnlyDictionary<string, MethodInfo> All { get; } = KernelList.All.ToDictionary(KernelList.Name);

    /// <summary>The PTX for NVIDIA's driver.</summary>
    public static string Ptx(string name) => KernelCompiler.Ptx(All[name], GroupSize);

    /// <summary>The source for an OpenCL driver.</summary>
    public static string OpenCL(string name) => KernelCompiler.OpenCL(All[name], GroupSize);
}
