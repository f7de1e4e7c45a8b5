using System.Reflection;
using GenSomAttn.Kernels;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>
/// The list of all kernels. A kernel class is a class of the kernels' assembly whose name ends with "Kernels". Its public void methods
/// are kernels; a generic kernel exists in the instances that the <c>Instances</c> of its class list. Other kernels are refused, so that
/// the tests, which check the compiled text of each kernel, cover every launch.
/// </summary>
internal static class KernelList
{
    /// <summary>All kernels.</summary>
    public static IEnumerable<MethodInfo> All => Classes.SelectMany(Of);

    /// <summary>All kernel classes.</summary>
    public static IEnumerable<Type> Classes => typeof(AdamKernels).Assembly.GetTypes().Where(IsClassOfKernels);

    /// <summary>Returns "Class.Method" and the type arguments.</summary>
    public static string Name(MethodInfo kernel)
    {
        string arguments = string.Join(", ", kernel.GetGenericArguments().Select(argument => argument.Name));
        return $"{kernel.DeclaringType!.Name}.{kernel.Name}" + (arguments.Length > 0 ? $"<{arguments}>" : string.Empty);
    }

    /// <summary>Checks that a kernel is in the list.</summary>
    /// <exception cref="InvalidOperationException">The kernel is not in the list.</exception>
    public static void Require(MethodInfo kernel)
    {
        Type type = kernel.DeclaringType!;
        if (!IsClassOfKernels(type) || !Of(type).Contains(kernel))
        {
            throw new InvalidOperationException(
                $"{Name(kernel)} is not in the list of kernels, so no test checks its compiled text. A kernel is public in a class of "
                + $"{typeof(AdamKernels).Namespace} whose name ends with Kernels, and there in Instances if it is generic.");
        }
    }

    private static bool IsClassOfKernels(Type type) =>
        type.Assembly == typeof(AdamKernels).Assembly && type.Name.EndsWith("Kernels", StringComparison.Ordinal);

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
