using System.Reflection;
using GenSomAttn.Backends.Ilgpu;

namespace GenSomAttn.Tests.Kernels;

/// <summary>Every kernel of <see cref="KernelList"/> and what becomes of it for each kind of GPU; none is needed for that.</summary>
internal static class KernelTexts
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 256;

    /// <summary>All kernels, by "Class.Method" and type arguments.</summary>
    public static IReadOnlyDictionary<string, MethodInfo> All { get; } = KernelList.All.ToDictionary(KernelList.Name);

    /// <summary>What NVIDIA's driver is given.</summary>
    public static string Ptx(string name) => KernelCompiler.Ptx(All[name], GroupSize);

    /// <summary>What an OpenCL driver is given.</summary>
    public static string OpenCL(string name) => KernelCompiler.OpenCL(All[name], GroupSize);
}
