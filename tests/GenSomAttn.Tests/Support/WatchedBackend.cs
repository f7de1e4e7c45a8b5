using System.Reflection;
using GenSomAttn.Backends;

namespace GenSomAttn.Tests.Support;

/// <summary>A backend that passes everything on to another and lets a test look at, or spoil, what each operation made.</summary>
public class WatchedBackend : DispatchProxy
{
    private IBackend? _inner;
    private Action<string, object?[]>? _after;

    /// <summary>Every operation: what the interfaces that a backend is made of declare.</summary>
    internal static IEnumerable<string> Operations =>
        from contract in typeof(IBackend).GetInterfaces()
        where contract != typeof(IDisposable)
        from method in contract.GetMethods()
        select method.Name;

    /// <summary>Stands before a backend.</summary>
    /// <param name="inner">Who computes. It stays the caller's.</param>
    /// <param name="after">Called after each operation, with its name and its arguments.</param>
    internal static IBackend Before(IBackend inner, Action<string, object?[]> after)
    {
        IBackend backend = Create<IBackend, WatchedBackend>();
        WatchedBackend watched = (WatchedBackend)backend;
        (watched._inner, watched._after) = (inner, after);
        return backend;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IDisposable.Dispose))
        {
            return null;
        }

        object? result = targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
        if (Operations.Contains(targetMethod.Name))
        {
            _after!(targetMethod.Name, args!);
        }

        return result;
    }
}
