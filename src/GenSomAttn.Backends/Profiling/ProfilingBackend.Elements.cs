using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Profiling;

// Everything that works element by element, the map, and random numbers.
public sealed partial class ProfilingBackend
{
    /// <inheritdoc/>
    public void ReluForward(DeviceView<float> input, DeviceView<float> output)
    {
        using Timing timing = Time(output.Length, 0, Bytes(input, output));
        inner.ReluForward(input, output);
    }

    /// <inheritdoc/>
    public void ReluBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        using Timing timing = Time(dInput.Length, 0, Bytes(dOutput, output, dInput));
        inner.ReluBackward(dOutput, output, dInput);
    }

    /// <inheritdoc/>
    public void SigmoidForward(DeviceView<float> input, DeviceView<float> output)
    {
        using Timing timing = Time(output.Length, 0, Bytes(input, output));
        inner.SigmoidForward(input, output);
    }

    /// <inheritdoc/>
    public void SigmoidBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        using Timing timing = Time(dInput.Length, 0, Bytes(dOutput, output, dInput));
        inner.SigmoidBackward(dOutput, output, dInput);
    }

    /// <inheritdoc/>
    public void Add(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum)
    {
        using Timing timing = Time(sum.Length, 0, Bytes(left, right, sum));
        inner.Add(left, right, sum);
    }

    /// <inheritdoc/>
    public void BiasForward(DeviceView<float> input, DeviceView<float> bias, RowsShape shape, DeviceView<float> output)
    {
        using Timing timing = Time(shape, 0, Bytes(input, bias, output));
        inner.BiasForward(input, bias, shape, output);
    }

    /// <inheritdoc/>
    public void BiasBackward(DeviceView<float> dOutput, RowsShape shape, DeviceView<float> dBias)
    {
        using Timing timing = Time(shape, 0, Bytes(dOutput, dBias, dBias));
        inner.BiasBackward(dOutput, shape, dBias);
    }

    /// <inheritdoc/>
    public void Fill(float value, DeviceView<float> output)
    {
        using Timing timing = Time(output.Length, 0, Bytes(output));
        inner.Fill(value, output);
    }

    /// <inheritdoc/>
    public void GaussianSampleForward(
        DeviceView<float> mean, DeviceView<float> logVariance, DeviceView<float> noise, DeviceView<float> sample)
    {
        using Timing timing = Time(sample.Length, 0, Bytes(mean, logVariance, noise, sample));
        inner.GaussianSampleForward(mean, logVariance, noise, sample);
    }

    /// <inheritdoc/>
    public void GaussianSampleBackward(
        DeviceView<float> dSample, DeviceView<float> logVariance, DeviceView<float> noise,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        using Timing timing = Time(
            dSample.Length, 0, Bytes(dSample, logVariance, noise, dMean, dMean, dLogVariance, dLogVariance));
        inner.GaussianSampleBackward(dSample, logVariance, noise, dMean, dLogVariance);
    }

    /// <inheritdoc/>
    public void MseForward(DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> loss)
    {
        using Timing timing = Time(prediction.Length, 0, Bytes(prediction, target, loss));
        inner.MseForward(prediction, target, loss);
    }

    /// <inheritdoc/>
    public void MseBackward(DeviceView<float> prediction, DeviceView<float> target, float scale, DeviceView<float> dPrediction)
    {
        using Timing timing = Time(prediction.Length, 0, Bytes(prediction, target, dPrediction));
        inner.MseBackward(prediction, target, scale, dPrediction);
    }

    /// <inheritdoc/>
    public void GaussianKlForward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, DeviceView<float> loss)
    {
        using Timing timing = Time(shape, 0, Bytes(mean, logVariance, loss));
        inner.GaussianKlForward(mean, logVariance, shape, loss);
    }

    /// <inheritdoc/>
    public void GaussianKlBackward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, float scale,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        using Timing timing = Time(shape, 0, Bytes(mean, logVariance, dMean, dLogVariance));
        inner.GaussianKlBackward(mean, logVariance, shape, scale, dMean, dLogVariance);
    }

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyForward(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, DeviceView<float> loss)
    {
        using Timing timing = Time(shape, 0, Bytes(labels) + Bytes(logits, loss));
        inner.SoftmaxCrossEntropyForward(logits, labels, shape, loss);
    }

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyBackward(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, float scale, DeviceView<float> dLogits)
    {
        using Timing timing = Time(shape, 0, Bytes(labels) + Bytes(logits, dLogits));
        inner.SoftmaxCrossEntropyBackward(logits, labels, shape, scale, dLogits);
    }

    /// <inheritdoc/>
    public void AdamStep(
        DeviceView<float> gradient, AdamSettings settings, DeviceView<float> rates,
        DeviceView<float> parameter, DeviceView<float> firstMoment, DeviceView<float> secondMoment)
    {
        using Timing timing = Time(
            parameter.Length, 0, Bytes(gradient, parameter, parameter, firstMoment, firstMoment, secondMoment, secondMoment));
        inner.AdamStep(gradient, settings, rates, parameter, firstMoment, secondMoment);
    }

    /// <inheritdoc/>
    public void GatherImages(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<float> output)
    {
        // Of the images, those that are gathered: a byte for each element of the output.
        using Timing timing = Time(new RowsShape(indices.Length, pixels), 0, output.Length + Bytes(indices) + Bytes(output));
        inner.GatherImages(images, indices, pixels, output);
    }

    /// <inheritdoc/>
    public void GatherRows(DeviceView<float> rows, DeviceView<int> indices, RowsShape shape, DeviceView<float> output)
    {
        // Of the rows, those that are gathered: as many elements as the output has.
        using Timing timing = Time(shape, 0, Bytes(indices) + Bytes(output, output));
        inner.GatherRows(rows, indices, shape, output);
    }

    /// <inheritdoc/>
    public void RandomUniform(RandomKey key, DeviceView<float> output)
    {
        using Timing timing = Time(output.Length, 0, Bytes(output));
        inner.RandomUniform(key, output);
    }

    /// <inheritdoc/>
    public void RandomNormal(RandomKey key, DeviceView<float> output)
    {
        using Timing timing = Time(output.Length, 0, Bytes(output));
        inner.RandomNormal(key, output);
    }

    /// <inheritdoc/>
    public void BestMatchingUnits(
        DeviceView<float> input, DeviceView<float> codebook, SomShape shape,
        DeviceView<int> bmu, DeviceView<int> second, DeviceView<float> squaredDistances)
    {
        using Timing timing = Time(
            shape, shape.SearchFlops, Bytes(input, codebook, squaredDistances) + Bytes(bmu) + Bytes(second));
        inner.BestMatchingUnits(input, codebook, shape, bmu, second, squaredDistances);
    }

    /// <inheritdoc/>
    public void SomUpdateBatch(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, DeviceView<float> rates,
        DeviceView<float> workspace, DeviceView<float> codebook)
    {
        using Timing timing = Time(shape, shape.BatchUpdateFlops, Bytes(input, codebook, codebook) + Bytes(bmu));
        inner.SomUpdateBatch(input, bmu, shape, rates, workspace, codebook);
    }

    /// <inheritdoc/>
    public void SomUpdateOnline(DeviceView<float> input, SomShape shape, DeviceView<float> rates, DeviceView<float> codebook)
    {
        using Timing timing = Time(shape, shape.OnlineUpdateFlops, Bytes(input, codebook, codebook));
        inner.SomUpdateOnline(input, shape, rates, codebook);
    }
}
