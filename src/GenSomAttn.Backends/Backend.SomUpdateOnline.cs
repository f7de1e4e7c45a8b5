using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>
    /// Kohonen's online rule, one sample after another, each with its BMU in the codebook as it then stands. Updates
    /// <paramref name="codebook"/> in place.
    /// </summary>
    /// <param name="input">(N, D).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="rates">(2): learning rate η in (0, 1], and neighborhood width σ in grid cells.</param>
    /// <param name="codebook">(U, D).</param>
    /// <remarks>W_i += η h(i, bmu) (v - W_i), h as in <see cref="SomUpdateBatch"/>; where it is negative, W_i is repelled.</remarks>
    public void SomUpdateOnline(DeviceView<T> input, SomShape shape, DeviceView<T> rates, DeviceView<T> codebook)
    {
        using OperationCall call = Contract(shape)
            .Reads(input, shape.InputLength).Uses(rates, 2).Updates(codebook, shape.CodebookLength).Begin(shape.OnlineUpdateFlops);
        SomUpdateOnlineCore(input, shape, rates, codebook);
    }

    /// <summary>Computes <see cref="SomUpdateOnline"/>.</summary>
    protected abstract void SomUpdateOnlineCore(DeviceView<T> input, SomShape shape, DeviceView<T> rates, DeviceView<T> codebook);
}
