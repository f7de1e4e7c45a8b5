using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>Pooling of square windows, channel by channel. Overwrites <paramref name="output"/>.</summary>
    /// <param name="input">(N, IH, IW, C).</param>
    /// <param name="shape">Sizes; OH and OW follow from it.</param>
    /// <param name="pooling">The largest value of a window, or the mean.</param>
    /// <param name="output">(N, OH, OW, C).</param>
    /// <remarks>
    /// output[n,oh,ow,c] = max or mean over kh,kw of input[n, oh·stride+kh-padding, ow·stride+kw-padding, c], over those inside the input:
    /// the padding counts for neither. Source: PyTorch nn.MaxPool2d, and nn.AvgPool2d with count_include_pad=False.
    /// </remarks>
    public void Pool2dForward(DeviceView<T> input, Pool2dShape shape, Pooling pooling, DeviceView<T> output)
    {
        using OperationCall call = Contract(shape).Reads(input, shape.InputLength).Writes(output, shape.OutputLength).Begin();
        Pool2dForwardCore(input, shape, pooling, output);
    }

    /// <summary>Computes <see cref="Pool2dForward"/>.</summary>
    protected abstract void Pool2dForwardCore(DeviceView<T> input, Pool2dShape shape, Pooling pooling, DeviceView<T> output);
}
