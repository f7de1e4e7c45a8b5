using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>Softmax of each row, with the row's maximum subtracted first. Overwrites <paramref name="output"/>; may alias.</summary>
    /// <param name="input">(rows, length).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="output">(rows, length).</param>
    /// <remarks>output[i] = exp(input[i] - max) / Σ over j of exp(input[j] - max).</remarks>
    public void SoftmaxForward(DeviceView<T> input, RowsShape shape, DeviceView<T> output)
    {
        using OperationCall call = Contract(shape).Reads(input, shape.TotalLength).Writes(output, shape.TotalLength).Begin();
        SoftmaxForwardCore(input, shape, output);
    }

    /// <summary>Gradient of <see cref="SoftmaxForward"/>. Overwrites <paramref name="dInput"/>; may alias dOutput.</summary>
    /// <param name="dOutput">Gradient of the loss w.r.t. the output, (rows, length).</param>
    /// <param name="output">The output of forward, (rows, length).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dInput">(rows, length).</param>
    /// <remarks>
    /// The Jacobian of a row is J[j,i] = ∂output[j] / ∂input[i] = output[j] · ((i = j) - output[i]). Its contraction with dOutput,
    /// dInput[i] = Σ over j of dOutput[j] · J[j,i] = dOutput[i] · output[i] - output[i] · Σ over j of dOutput[j] · output[j], is
    /// dInput[i] = output[i] · (dOutput[i] - dOutput·output): the matrix is never formed.
    /// </remarks>
    public void SoftmaxBackward(DeviceView<T> dOutput, DeviceView<T> output, RowsShape shape, DeviceView<T> dInput)
    {
        using OperationCall call = Contract(shape)
            .Reads(dOutput, shape.TotalLength).Reads(output, shape.TotalLength).Writes(dInput, shape.TotalLength).Begin();
        SoftmaxBackwardCore(dOutput, output, shape, dInput);
    }

    /// <summary>Computes <see cref="SoftmaxForward"/>.</summary>
    protected abstract void SoftmaxForwardCore(DeviceView<T> input, RowsShape shape, DeviceView<T> output);

    /// <summary>Computes <see cref="SoftmaxBackward"/>.</summary>
    protected abstract void SoftmaxBackwardCore(DeviceView<T> dOutput, DeviceView<T> output, RowsShape shape, DeviceView<T> dInput);
}
