using System.Runtime.CompilerServices;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>What an operation does with an operand.</summary>
internal enum Access
{
    /// <summary>Reads every element.</summary>
    Read,

    /// <summary>Overwrites every element.</summary>
    Write,

    /// <summary>Reads every element and writes it again: a gradient that is added to, a state that is updated in place.</summary>
    Update,

    /// <summary>Uses it as it likes: a workspace, or two settings that lie on the device. Moves no bytes worth counting.</summary>
    Use,
}

/// <summary>Receives the calls of a backend's operations, as their contracts state them: a profiler, or a test.</summary>
internal interface IOperationObserver
{
    /// <summary>A call begins; its operands follow.</summary>
    /// <param name="operation">Name of the method.</param>
    /// <param name="sizes">Its sizes.</param>
    void Begin<TSizes>(string operation, TSizes sizes)
        where TSizes : struct, IOperationSizes;

    /// <summary>An operand of the call.</summary>
    /// <param name="operand">Its name.</param>
    /// <param name="access">What the call does with it.</param>
    /// <param name="view">The operand.</param>
    /// <param name="elements">Elements that are moved; fewer than it has where rows are gathered.</param>
    void Operand<TElement>(string operand, Access access, DeviceView<TElement> view, int elements)
        where TElement : unmanaged;

    /// <summary>All operands are valid: the computation starts now.</summary>
    /// <param name="flops">Multiplications and additions of its products; elementwise arithmetic does not count.</param>
    void Start(long flops);

    /// <summary>The call has returned.</summary>
    void End();
}

/// <summary>
/// The contract of one call, stated operand by operand in front of its computation: checks the sizes and every length, and reports to
/// the observer, if there is one. Costs a comparison for each operand and allocates nothing.
/// </summary>
/// <exception cref="ArgumentException">
/// A size or a length is wrong. The message names the operation, the operand and what it should have.
/// </exception>
internal readonly ref struct Contract<TSizes>
    where TSizes : struct, IOperationSizes
{
    private readonly IOperationObserver? _observer;
    private readonly string _operation;
    private readonly TSizes _sizes;

    public Contract(IOperationObserver? observer, string operation, TSizes sizes)
    {
        _observer = observer;
        _operation = operation;
        _sizes = sizes;
        if (sizes.Problem is string problem)
        {
            throw new ArgumentException($"{operation}: {problem}.");
        }

        observer?.Begin(operation, sizes);
    }

    /// <summary>An input.</summary>
    public Contract<TSizes> Reads<TElement>(
        DeviceView<TElement> view, int length, [CallerArgumentExpression(nameof(view))] string operand = "")
        where TElement : unmanaged => Has(view, length, Access.Read, operand);

    /// <summary>An input that may be left out.</summary>
    public Contract<TSizes> MayRead<TElement>(
        DeviceView<TElement> view, int length, [CallerArgumentExpression(nameof(view))] string operand = "")
        where TElement : unmanaged => view.IsEmpty ? this : Has(view, length, Access.Read, operand);

    /// <summary>An output that is overwritten.</summary>
    public Contract<TSizes> Writes<TElement>(
        DeviceView<TElement> view, int length, [CallerArgumentExpression(nameof(view))] string operand = "")
        where TElement : unmanaged => Has(view, length, Access.Write, operand);

    /// <summary>A gradient that is added to.</summary>
    public Contract<TSizes> AddsTo<TElement>(
        DeviceView<TElement> view, int length, [CallerArgumentExpression(nameof(view))] string operand = "")
        where TElement : unmanaged => Has(view, length, Access.Update, operand);

    /// <summary>A state that is updated in place.</summary>
    public Contract<TSizes> Updates<TElement>(
        DeviceView<TElement> view, int length, [CallerArgumentExpression(nameof(view))] string operand = "")
        where TElement : unmanaged => Has(view, length, Access.Update, operand);

    /// <summary>A workspace, or settings on the device.</summary>
    public Contract<TSizes> Uses<TElement>(
        DeviceView<TElement> view, int length, [CallerArgumentExpression(nameof(view))] string operand = "")
        where TElement : unmanaged => Has(view, length, Access.Use, operand);

    /// <summary>A table of rows, of which some are gathered.</summary>
    /// <param name="view">Any number of rows.</param>
    /// <param name="rowLength">Elements of a row.</param>
    /// <param name="gathered">Elements of the rows that are gathered.</param>
    /// <param name="operand">Name of the table.</param>
    public Contract<TSizes> Gathers<TElement>(
        DeviceView<TElement> view, int rowLength, int gathered, [CallerArgumentExpression(nameof(view))] string operand = "")
        where TElement : unmanaged
    {
        if (view.Length % rowLength != 0)
        {
            throw new ArgumentException(
                $"{_operation}: {operand} has {view.Length} elements, which is not a multiple of its row length {rowLength}.", operand);
        }

        _observer?.Operand(operand, Access.Read, view, gathered);
        return this;
    }

    /// <summary>A setting that must be positive and finite.</summary>
    public Contract<TSizes> Positive(double value, [CallerArgumentExpression(nameof(value))] string setting = "") =>
        value > 0 && double.IsFinite(value)
            ? this
            : throw new ArgumentException($"{_operation}: {setting} is {value}, expected a positive number.", setting);

    /// <summary>Ends the contract; the computation follows.</summary>
    /// <param name="flops">Multiplications and additions of its products; elementwise arithmetic does not count.</param>
    public OperationCall Begin(long flops = 0) => new(_observer, flops);

    private Contract<TSizes> Has<TElement>(DeviceView<TElement> view, int length, Access access, string operand)
        where TElement : unmanaged
    {
        if (view.Length != length)
        {
            throw new ArgumentException(
                $"{_operation}: {operand} has {view.Length} elements, expected {length} by {_sizes}.", operand);
        }

        _observer?.Operand(operand, access, view, length);
        return this;
    }
}

/// <summary>A call whose operands are valid, until it is disposed.</summary>
internal readonly ref struct OperationCall
{
    private readonly IOperationObserver? _observer;

    public OperationCall(IOperationObserver? observer, long flops)
    {
        _observer = observer;
        observer?.Start(flops);
    }

    public void Dispose() => _observer?.End();
}
