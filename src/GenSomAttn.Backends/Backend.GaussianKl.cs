using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>
    /// Kullback-Leibler divergence of N(mean, exp(logVariance)) from N(0, 1), summed over the dimensions, mean over the batch. Overwrites
    /// <paramref name="loss"/>.
    /// </summary>
    /// <param name="mean">(N, length).</param>
    /// <param name="logVariance">(N, length).</param>
    /// <param name="shape">N rows.</param>
    /// <param name="loss">(1).</param>
    /// <remarks>loss = ½ Σ (mean² + exp(logVariance) - logVariance - 1) / N. Source: Kingma and Welling 2014, appendix B.</remarks>
    public void GaussianKlForward(DeviceView<T> mean, DeviceView<T> logVariance, RowsShape shape, DeviceView<T> loss)
    {
        using OperationCall call = Contract(shape)
            .Reads(mean, shape.TotalLength).Reads(logVariance, shape.TotalLength).Writes(loss, 1).Begin();
        GaussianKlForwardCore(mean, logVariance, shape, loss);
    }

    /// <summary>Gradients of <see cref="GaussianKlForward"/>. Overwrites both.</summary>
    /// <param name="mean">The input of forward.</param>
    /// <param name="logVariance">The input of forward.</param>
    /// <param name="shape">N rows.</param>
    /// <param name="scale">Weight of this loss in the total.</param>
    /// <param name="dMean">(N, length).</param>
    /// <param name="dLogVariance">(N, length).</param>
    /// <remarks>dMean = scale · mean / N; dLogVariance = scale · ½ (exp(logVariance) - 1) / N.</remarks>
    public void GaussianKlBackward(
        DeviceView<T> mean, DeviceView<T> logVariance, RowsShape shape, T scale, DeviceView<T> dMean, DeviceView<T> dLogVariance)
    {
        using OperationCall call = Contract(shape)
            .Reads(mean, shape.TotalLength).Reads(logVariance, shape.TotalLength)
            .Writes(dMean, shape.TotalLength).Writes(dLogVariance, shape.TotalLength).Begin();
        GaussianKlBackwardCore(mean, logVariance, shape, scale, dMean, dLogVariance);
    }

    /// <summary>Computes <see cref="GaussianKlForward"/>.</summary>
    protected abstract void GaussianKlForwardCore(DeviceView<T> mean, DeviceView<T> logVariance, RowsShape shape, DeviceView<T> loss);

    /// <summary>Computes <see cref="GaussianKlBackward"/>.</summary>
    protected abstract void GaussianKlBackwardCore(
        DeviceView<T> mean, DeviceView<T> logVariance, RowsShape shape, T scale, DeviceView<T> dMean, DeviceView<T> dLogVariance);
}
