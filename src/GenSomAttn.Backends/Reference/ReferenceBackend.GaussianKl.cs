using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void GaussianKlForwardCore(DeviceView<T> mean, DeviceView<T> logVariance, RowsShape shape, DeviceView<T> loss)
    {
        T sum = T.Zero;
        for (int i = 0; i < mean.Length; i++)
        {
            sum += Half * ((mean[i] * mean[i]) + T.Exp(logVariance[i]) - logVariance[i] - T.One);
        }

        loss[0] = sum / T.CreateChecked(shape.Rows);
    }

    /// <inheritdoc/>
    protected override void GaussianKlBackwardCore(
        DeviceView<T> mean, DeviceView<T> logVariance, RowsShape shape, T scale, DeviceView<T> dMean, DeviceView<T> dLogVariance)
    {
        T factor = scale / T.CreateChecked(shape.Rows);
        for (int i = 0; i < mean.Length; i++)
        {
            // forward: loss = Σ ½ (mean[i]² + exp(logVariance[i]) - logVariance[i] - 1) / batch
            dMean[i] = factor * mean[i];
            dLogVariance[i] = factor * Half * (T.Exp(logVariance[i]) - T.One);
        }
    }
}
