using System.Numerics;
using System.Runtime.CompilerServices;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>
/// The operations of the network and the map on one device, in float; the reference also in double, for gradient checks. Each operation
/// has a file, <c>Backend.{Operation}.cs</c>: its documentation, its contract, and the abstract method that a backend overrides. The
/// reference (<c>Reference/</c>) defines what an operation computes; every other backend agrees with it within the tolerance stated beside
/// its test.
/// </summary>
/// <remarks>
/// The calling convention of all operations:
/// <list type="number">
/// <item>Inputs first, then saved tensors, then the shape, then settings, then outputs.</item>
/// <item>The caller allocates every output; an operation allocates nothing that outlives it.</item>
/// <item>Gradients of parameters (dWeight, dBias), and those of GaussianSample, are added to; every other output is overwritten. The
/// contract says which: <c>AddsTo</c> or <c>Writes</c>.</item>
/// <item>Row-major, densely packed. Images (N, H, W, C), so that a convolution is a matrix product over
/// (pixels, KH·KW·IC); conv weights (KH, KW, IC, OC), transposed-conv weights (IC, KH, KW, OC), linear weights (in, out).</item>
/// <item>Outputs never alias inputs unless the summary says "may alias".</item>
/// <item>The lowest index wins a tie, NaN never wins; <see cref="BestMatchingUnits"/> states the limit of this on SIMD.</item>
/// <item>Lengths and sizes are checked by the contract, on the host; the overrides take their arguments to be valid.</item>
/// <item>Reductions have a fixed shape that depends on sizes alone: the same bits at any number of threads.</item>
/// </list>
/// Letters in shapes: N batch, H and W pixels, IC and OC channels, T tokens, C width, H heads, U units, D codebook dimension.
/// </remarks>
/// <typeparam name="T">float; double for the reference.</typeparam>
public abstract partial class Backend<T> : IDisposable
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Name on the accelerator flag, such as "cpu"; or "reference", which is not on it.</summary>
    public abstract string Name { get; }

    /// <summary>Instruction set and threads, or the name of the device.</summary>
    public abstract string Description { get; }

    /// <summary>
    /// True if buffers lie in the host's memory and an operation is complete when it returns: copies to the host cost nothing. False:
    /// operations are queued asynchronously; copies to the host synchronize.
    /// </summary>
    public abstract bool ComputesInHostMemory { get; }

    /// <summary>Launches, copies and allocations so far; null on the host.</summary>
    public virtual DeviceCounters? Counters => null;

    /// <summary>Receives every call of an operation; null for none, which costs nothing.</summary>
    internal IOperationObserver? Observer { get; set; }

    /// <summary>
    /// Prepares some work for many repetitions. On CUDA its launches are captured into a CUDA graph on the second run and replayed with one
    /// launch from then on. Operands, sizes and settings must not change: a replay repeats the launches and does not run the host code.
    /// </summary>
    /// <param name="work">Operations of this backend alone; no copies between host and device, no allocation.</param>
    /// <returns>Runs the work. The caller disposes it, which frees the graph.</returns>
    public virtual CapturedStep CaptureStep(Action work) => new(work);

    /// <summary>Zero-filled storage on the device.</summary>
    /// <param name="length">Elements; at least 1.</param>
    public abstract DeviceBuffer<TElement> Allocate<TElement>(int length)
        where TElement : unmanaged;

    /// <summary>Bytes of the largest possible buffer; in host memory without limit.</summary>
    public virtual long FreeBytes => long.MaxValue;

    /// <summary>Storage on the device with these elements, read-only. The SIMD backend uses the memory itself, others copy it.</summary>
    /// <param name="elements">At least 1; they must not change while the buffer lives.</param>
    public virtual DeviceBuffer<TElement> Adopt<TElement>(ReadOnlyMemory<TElement> elements)
        where TElement : unmanaged
    {
        DeviceBuffer<TElement> buffer = Allocate<TElement>(elements.Length);
        buffer.CopyFrom(elements.Span);
        return buffer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees threads, buffers and the device.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>The contract of the operation that calls it.</summary>
    private Contract<TSizes> Contract<TSizes>(TSizes sizes, [CallerMemberName] string operation = "")
        where TSizes : struct, IOperationSizes => new(Observer, operation, sizes);

    /// <summary>The contract of an operation whose operands all have the length of one of them.</summary>
    private Contract<ElementCount> Elementwise(
        DeviceView<T> first, [CallerArgumentExpression(nameof(first))] string operand = "", [CallerMemberName] string operation = "")
        => new(Observer, operation, new ElementCount(first.Length, operand));
}
