using System.Reflection;
using GenSomAttn.Backends;
using GenSomAttn.Kernels;

namespace GenSomAttn.Tests.Support;

/// <summary>Lets a test look at, or spoil, what each operation of a backend computed.</summary>
internal sealed class OperationWatch : IOperationObserver, IDisposable
{
    private readonly Backend<float> _backend;
    private readonly Action<string, IReadOnlyList<Operand>> _after;
    private readonly List<Operand> _operands = [];
    private string _operation = string.Empty;

    /// <summary>Attaches itself to a backend.</summary>
    /// <param name="backend">The backend; it stays the caller's.</param>
    /// <param name="after">Called after each operation, with its name and the operands of its contract.</param>
    public OperationWatch(Backend<float> backend, Action<string, IReadOnlyList<Operand>> after)
    {
        (_backend, _after) = (backend, after);
        backend.Observer = this;
    }

    /// <summary>Every public method that a backend computes in a method of its own, named with Core.</summary>
    public static IEnumerable<MethodInfo> Methods =>
        typeof(Backend<float>).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => typeof(Backend<float>).GetMethod(
                $"{method.Name}Core", BindingFlags.NonPublic | BindingFlags.Instance) is not null);

    /// <summary>The names by which operations are reported: each activation has its own.</summary>
    public static IEnumerable<string> Operations => Methods.SelectMany(method => NamesOf(method.Name));

    /// <summary>The float operands of a call, in the order of its contract.</summary>
    public static IEnumerable<DeviceView<float>> Floats(IReadOnlyList<Operand> operands) =>
        operands.Select(operand => operand.View).OfType<DeviceView<float>>();

    /// <inheritdoc/>
    public void Dispose() => _backend.Observer = null;

    void IOperationObserver.Begin<TSizes>(string operation, TSizes sizes)
    {
        _operation = operation;
        _operands.Clear();
    }

    void IOperationObserver.Operand<TElement>(string operand, Access access, DeviceView<TElement> view, int elements) =>
        _operands.Add(new Operand(operand, access, view));

    void IOperationObserver.Start(long flops)
    {
    }

    void IOperationObserver.End() => _after(_operation, _operands);

    private static IEnumerable<string> NamesOf(string method) => method switch
    {
        nameof(Backend<float>.ActivationForward) => Enum.GetNames<Activation>().Select(name => $"{name}Forward"),
        nameof(Backend<float>.ActivationBackward) => Enum.GetNames<Activation>().Select(name => $"{name}Backward"),
        _ => [method],
    };

    /// <summary>An operand of a call.</summary>
    public sealed record Operand(string Name, Access Access, object View);
}
