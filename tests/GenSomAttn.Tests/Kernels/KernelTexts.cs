using System.Reflection;
using GenSomAttn.Backends.Ilgpu;
using GenSomAttn.Kernels;

namespace GenSomAttn.Tests.Kernels;

/// <summary>
/// Every kernel of the assembly and what becomes of it for each kind of GPU; none is needed for that. A class of kernels is one whose name
/// ends so: its public methods that return nothing are kernels, the generic ones in the instances that its <c>Instances</c> lists.
/// </summary>
internal static class KernelTexts
{
    private const int GroupSize = 256;

    /// <summary>All kernels, by "Class.Method" and type arguments.</summary>
    public static IReadOnlyDictionary<string, MethodInfo> All { get; } =
        typeof(DeviceMath).Assembly.GetTypes().Where(type => type.Name.EndsWith("Kernels", StringComparison.Ordinal))
            .SelectMany(Kernels).ToDictionary(Name);

    /// <summary>What NVIDIA's driver is given.</summary>
    public static string Ptx(string name) => KernelCompiler.Ptx(All[name], GroupSize);

    /// <summary>What an OpenCL driver is given.</summary>
    public static string OpenCL(string name) => KernelCompiler.OpenCL(All[name], GroupSize);

    private static IEnumerable<MethodInfo> Kernels(Type type)
    {
        IEnumerable<MethodInfo> plain = type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(void) && !method.IsGenericMethod && !method.IsSpecialName);
        PropertyInfo? instances = type.GetProperty("Instances");
        return instances is null
            ? plain
            : plain.Concat(((IEnumerable<Delegate>)instances.GetValue(null)!).Select(instance => instance.Method));
    }

    private static string Name(MethodInfo kernel)
    {
        string arguments = string.Join(", ", kernel.GetGenericArguments().Select(argument => argument.Name));
        return $"{kernel.DeclaringType!.Name}.{kernel.Name}" + (arguments.Length > 0 ? $"<{arguments}>" : string.Empty);
    }
}
