using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>Losses. Each backward takes the weight of the loss in the total as <c>scale</c>.</summary>
public interface ILossOps
{
    /// <summary>Mean over all elements of (prediction - target)². Overwrites <paramref name="loss"/> (1).</summary>
    void MseForward(DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> loss);

    /// <summary>dPrediction = scale · 2 (prediction - target) / elements. Overwrites <paramref name="dPrediction"/>.</summary>
    void MseBackward(DeviceView<float> prediction, DeviceView<float> target, float scale, DeviceView<float> dPrediction);

    /// <summary>
    /// Kullback-Leibler divergence of N(mean, exp(logVariance)) from N(0, 1), summed over the dimensions, mean over the
    /// batch. Overwrites <paramref name="loss"/> (1).
    /// </summary>
    /// <remarks>½ Σ (mean² + exp(logVariance) - logVariance - 1). Source: Kingma and Welling 2014, appendix B.</remarks>
    void GaussianKlForward(DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, DeviceView<float> loss);

    /// <summary>
    /// Gradients of <see cref="GaussianKlForward"/>: dMean = scale · mean / batch, dLogVariance = scale · ½ (exp(logVariance) - 1) / batch.
    /// Overwrites both.
    /// </summary>
    void GaussianKlBackward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, float scale,
        DeviceView<float> dMean, DeviceView<float> dLogVariance);
}
