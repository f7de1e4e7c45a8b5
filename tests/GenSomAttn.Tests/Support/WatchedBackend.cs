using System.Reflection;
using GenSomAttn.Backends;

namespace GenSomAttn.Tests.Support;

/// <summary>Decorator of a backend that lets a test inspect, or corrupt, the outputs of each operation.</summary>
public class WatchedBackend : DispatchProxy
{
    private IBackend? _inner;
    private Action<string, object?[]>? _after;

    /// <summary>Every operation: the methods of the interfaces that IBackend extends.</summary>
    internal static IEnumerable<string> Operations =>
        from contract in typeof(IBackend).GetInterfaces()
        where contract != typeof(IDisposable)
        from method in contract.GetMethods()
        select method.Name;

    /// <summary>Wraps a backend.</summary>
    /// <param name="inner">The wrapped backend; the caller disposes it.</param>
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
