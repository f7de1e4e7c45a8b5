using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

// The gradient of the bias is BiasBackward over (rows, out).
public abstract partial class Backend<T>
{
    /// <summary>output = input · weight + bias. Overwrites <paramref name="output"/>.</summary>
    /// <param name="input">(rows, in).</param>
    /// <param name="weight">(in, out).</param>
    /// <param name="bias">(out), or empty for none.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="output">(rows, out).</param>
    public void LinearForward(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, LinearShape shape, DeviceView<T> output)
    {
        using OperationCall call = Contract(shape)
            .Reads(input, shape.InputLength).Reads(weight, shape.WeightLength).MayRead(bias, shape.OutFeatures)
            .Writes(output, shape.OutputLength).Begin(shape.Flops);
        LinearForwardCore(input, weight, bias, shape, output);
    }

    /// <summary>Gradient of <see cref="LinearForward"/> w.r.t. its input. Overwrites <paramref name="dInput"/>.</summary>
    /// <param name="dOutput">(rows, out).</param>
    /// <param name="weight">(in, out).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dInput">(rows, in).</param>
    /// <remarks>dInput = dOutput · weightᵀ: dInput[r,i] = Σ over o of dOutput[r,o] · weight[i,o].</remarks>
    public void LinearBackwardInput(DeviceView<T> dOutput, DeviceView<T> weight, LinearShape shape, DeviceView<T> dInput)
    {
        using OperationCall call = Contract(shape)
            .Reads(dOutput, shape.OutputLength).Reads(weight, shape.WeightLength).Writes(dInput, shape.InputLength).Begin(shape.Flops);
        LinearBackwardInputCore(dOutput, weight, shape, dInput);
    }

    /// <summary>Gradient of <see cref="LinearForward"/> w.r.t. its weight. Adds to <paramref name="dWeight"/>.</summary>
    /// <param name="dOutput">(rows, out).</param>
    /// <param name="input">(rows, in).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dWeight">(in, out), added to.</param>
    /// <remarks>dWeight += inputᵀ · dOutput: dWeight[i,o] += Σ over r of input[r,i] · dOutput[r,o].</remarks>
    public void LinearBackwardWeight(DeviceView<T> dOutput, DeviceView<T> input, LinearShape shape, DeviceView<T> dWeight)
    {
        using OperationCall call = Contract(shape)
            .Reads(dOutput, shape.OutputLength).Reads(input, shape.InputLength).AddsTo(dWeight, shape.WeightLength).Begin(shape.Flops);
        LinearBackwardWeightCore(dOutput, input, shape, dWeight);
    }

    /// <summary>Computes <see cref="LinearForward"/>.</summary>
    protected abstract void LinearForwardCore(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, LinearShape shape, DeviceView<T> output);

    /// <summary>Computes <see cref="LinearBackwardInput"/>.</summary>
    protected abstract void LinearBackwardInputCore(
        DeviceView<T> dOutput, DeviceView<T> weight, LinearShape shape, DeviceView<T> dInput);

    /// <summary>Computes <see cref="LinearBackwardWeight"/>.</summary>
    protected abstract void LinearBackwardWeightCore(
        DeviceView<T> dOutput, DeviceView<T> input, LinearShape shape, DeviceView<T> dWeight);
}
