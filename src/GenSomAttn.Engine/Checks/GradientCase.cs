using GenSomAttn.Backends;

namespace GenSomAttn.Engine.Checks;

/// <summary>An input of a <see cref="GradientCase"/>.</summary>
/// <param name="Name">Its name in the operation.</param>
/// <param name="Length">Its elements, drawn from N(0, 1).</param>
/// <param name="Gradient">How far a backend's gradient may be from the reference; null for an input that gets none.</param>
/// <param name="KinkDistance">Elements are moved at least this far from 0, where the operation has no derivative.</param>
public sealed record CaseInput(string Name, int Length, Tolerance? Gradient, double KinkDistance = 0);

/// <summary>
/// A differentiable operation at fixed sizes, written once for the reference in double and once for any backend in float.
/// Backward computes forward first where it needs what forward saves.
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

    /// <summary>The operation by the reference.</summary>
    public abstract void ReferenceForward(double[][] inputs, double[] output);

    /// <summary>Its gradient by the reference, added to <paramref name="dInputs"/>, which are zero at first.</summary>
    public abstract void ReferenceBackward(double[][] inputs, double[] dOutput, double[][] dInputs);

    /// <summary>The operation by a backend.</summary>
    public abstract void BackendForward(ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> output);

    /// <summary>Its gradient by a backend, written or added to <paramref name="dInputs"/> as the operation does.</summary>
    public abstract void BackendBackward(
        ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> dOutput, DeviceView<float>[] dInputs);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
