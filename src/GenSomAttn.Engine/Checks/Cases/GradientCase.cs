using System.Numerics;
using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>An input of a <see cref="GradientCase"/>.</summary>
/// <param name="Name">Its name in the operation.</param>
/// <param name="Length">Its elements, drawn from N(0, 1).</param>
/// <param name="Gradient">How far a backend's gradient may be from the reference; null for an input that gets none.</param>
/// <param name="KinkDistance">Elements are moved at least this far from 0, where the operation has no derivative.</param>
public sealed record CaseInput(string Name, int Length, Tolerance? Gradient, double KinkDistance = 0);

/// <summary>
/// A differentiable operation at fixed sizes, for the reference in double and for any backend in float. Backward computes forward first
/// where it needs a saved tensor.
/// </summary>
public abstract class GradientCase
{
    /// <summary>Operation and sizes.</summary>
    public abstract string Name { get; }

    /// <summary>The inputs, in the order in which all methods take them.</summary>
    public abstract IReadOnlyList<CaseInput> Inputs { get; }

    /// <summary>Elements of the output.</summary>
    public abstract int OutputLength { get; }

    /// <summary>How far a backend's output may be from the reference.</summary>
    public abstract Tolerance OutputTolerance { get; }

    /// <summary>The operation.</summary>
    public abstract void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>Its gradient, written or added to <paramref name="dInputs"/> as the operation does; they are zero at first.</summary>
    public abstract void Backward<T>(
        ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
