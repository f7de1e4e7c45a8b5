using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>Sums, biases, fills and samples of Gaussians.</summary>
public interface IElementwiseOps
{
    /// <summary>sum = left + right. Overwrites <paramref name="sum"/>; may alias either.</summary>
    void Add(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum);

    /// <summary>output = input + bias on every row. Overwrites <paramref name="output"/>; may alias input.</summary>
    /// <param name="input">(rows, length).</param>
    /// <param name="bias">(length).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="output">(rows, length).</param>
    void BiasForward(DeviceView<float> input, DeviceView<float> bias, RowsShape shape, DeviceView<float> output);

    /// <summary>Gradient of a bias that was added to every row: the sum of the rows. Adds to <paramref name="dBias"/>.</summary>
    /// <param name="dOutput">(rows, length).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dBias">(length), added to.</param>
    void BiasBackward(DeviceView<float> dOutput, RowsShape shape, DeviceView<float> dBias);

    /// <summary>Every element = value. Overwrites <paramref name="output"/>.</summary>
    void Fill(float value, DeviceView<float> output);

    /// <summary>
    /// Samples of Gaussians as a function of their parameters, so that gradients reach these: sample = mean + exp(½ logVariance) · noise.
    /// Overwrites <paramref name="sample"/>. All have the same length.
    /// </summary>
    /// <param name="mean">Means.</param>
    /// <param name="logVariance">Logarithms of the variances.</param>
    /// <param name="noise">Standard normal numbers (<see cref="IRandomOps.RandomNormal"/>).</param>
    /// <param name="sample">One number from each Gaussian.</param>
    /// <remarks>Source: Kingma and Welling 2014, section 2.4, the reparameterization trick.</remarks>
    void GaussianSampleForward(
        DeviceView<float> mean, DeviceView<float> logVariance, DeviceView<float> noise, DeviceView<float> sample);

    /// <summary>
    /// Gradients of <see cref="GaussianSampleForward"/>: dMean += dSample; dLogVariance += dSample · noise · ½ exp(½ logVariance). Adds to
    /// both, because the same two get a gradient from <see cref="ILossOps.GaussianKlBackward"/>, which overwrites them: it goes first, and
    /// nobody needs a buffer in between.
    /// </summary>
    void GaussianSampleBackward(
        DeviceView<float> dSample, DeviceView<float> logVariance, DeviceView<float> noise,
        DeviceView<float> dMean, DeviceView<float> dLogVariance);
}
