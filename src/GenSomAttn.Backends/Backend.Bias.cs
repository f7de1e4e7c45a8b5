using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>output = input + bias on every row. Overwrites <paramref name="output"/>; may alias input.</summary>
    /// <param name="input">(rows, length).</param>
    /// <param name="bias">(length).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="output">(rows, length).</param>
    public void BiasForward(DeviceView<T> input, DeviceView<T> bias, RowsShape shape, DeviceView<T> output)
    {
        using OperationCall call = Contract(shape)
            .Reads(input, shape.TotalLength).Reads(bias, shape.Length).Writes(output, shape.TotalLength).Begin();
        BiasForwardCore(input, bias, shape, output);
    }

    /// <summary>
    /// Gradient of a bias that was added to every row: dBias[i] += Σ over rows of dOutput[row,i]. Adds to <paramref name="dBias"/>. Also
    /// the bias of a linear layer, over (rows, out), and of a convolution, over (N·OH·OW, OC).
    /// </summary>
    /// <param name="dOutput">(rows, length).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dBias">(length), added to.</param>
    public void BiasBackward(DeviceView<T> dOutput, RowsShape shape, DeviceView<T> dBias)
    {
        using OperationCall call = Contract(shape).Reads(dOutput, shape.TotalLength).AddsTo(dBias, shape.Length).Begin();
        BiasBackwardCore(dOutput, shape, dBias);
    }

    /// <summary>Computes <see cref="BiasForward"/>.</summary>
    protected abstract void BiasForwardCore(DeviceView<T> input, DeviceView<T> bias, RowsShape shape, DeviceView<T> output);

    /// <summary>Computes <see cref="BiasBackward"/>.</summary>
    protected abstract void BiasBackwardCore(DeviceView<T> dOutput, RowsShape shape, DeviceView<T> dBias);
}
