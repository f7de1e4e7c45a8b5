using System.Reflection;
using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>
/// Every kernel there is. A class of kernels is one of the kernels' assembly whose name ends so: its public methods that return nothing
/// are kernels, the generic ones in the instances that its <c>Instances</c> lists. Devices are given no other, so that tests that look at the
/// text of each have seen all that is launched.
/// </summary>
internal static class KernelList
{
    /// <summary>All of them.</summary>
    public static IEnumerable<MethodInfo> All => Classes.SelectMany(Of);

    /// <summary>The classes that hold them.</summary>
    public static IEnumerable<Type> Classes => typeof(DeviceMath).Assembly.GetTypes().Where(IsClassOfKernels);

    /// <summary>"Class.Method" and type arguments.</summary>
    public static string Name(MethodInfo kernel)
    {
        string arguments = string.Join(", ", kernel.GetGenericArguments().Select(argument => argument.Name));
        return $"{kernel.DeclaringType!.Name}.{kernel.Name}" + (arguments.Length > 0 ? $"<{arguments}>" : string.Empty);
    }

    /// <summary>Does nothing for a kernel that is listed.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public static void Require(MethodInfo kernel)
    {
        Type type = kernel.DeclaringType!;
        if (!IsClassOfKernels(type) || !Of(type).Contains(kernel))
        {
            throw new InvalidOperationException(
                $"{Name(kernel)} is not in the list of kernels, so no test has looked at its text. A kernel is public in a class of "
                + $"{typeof(DeviceMath).Namespace} whose name ends with Kernels, and there in Instances if it is generic.");
        }
    }

    private static bool IsClassOfKernels(Type type) =>
        type.Assembly == typeof(DeviceMath).Assembly && type.Name.EndsWith("Kernels", StringComparison.Ordinal);

    private static IEnumerable<MethodInfo> Of(Type type)
    {
        IEnumerable<MethodInfo> plain = type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => method.ReturnType == typeof(void) && !method.IsGenericMethod && !method.IsSpecialName);
        PropertyInfo? instances = type.GetProperty("Instances");
        return instances is null
            ? plain
            : plain.Concat(((IEnumerable<Delegate>)instances.GetValue(null)!).Select(instance => instance.Method));
    }
}
