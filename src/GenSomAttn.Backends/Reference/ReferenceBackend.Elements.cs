using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using Ops = GenSomAttn.Backends.Reference.ReferenceOps<float>;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend
{
    /// <inheritdoc/>
    public void ReluForward(DeviceView<float> input, DeviceView<float> output)
    {
        OpChecks.ReluForward(input, output);
        Ops.ReluForward(input.Span(), output.Span());
    }

    /// <inheritdoc/>
    public void ReluBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        OpChecks.ReluBackward(dOutput, output, dInput);
        Ops.ReluBackward(dOutput.Span(), output.Span(), dInput.Span());
    }

    /// <inheritdoc/>
    public void SigmoidForward(DeviceView<float> input, DeviceView<float> output)
    {
        OpChecks.SigmoidForward(input, output);
        Ops.SigmoidForward(input.Span(), output.Span());
    }

    /// <inheritdoc/>
    public void SigmoidBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        OpChecks.SigmoidBackward(dOutput, output, dInput);
        Ops.SigmoidBackward(dOutput.Span(), output.Span(), dInput.Span());
    }

    /// <inheritdoc/>
    public void Add(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum)
    {
        OpChecks.Add(left, right, sum);
        Ops.Add(left.Span(), right.Span(), sum.Span());
    }

    /// <inheritdoc/>
    public void BiasForward(DeviceView<float> input, DeviceView<float> bias, RowsShape shape, DeviceView<float> output)
    {
        OpChecks.BiasForward(input, bias, shape, output);
        Ops.BiasForward(input.Span(), bias.Span(), shape, output.Span());
    }

    /// <inheritdoc/>
    public void BiasBackward(DeviceView<float> dOutput, RowsShape shape, DeviceView<float> dBias)
    {
        OpChecks.BiasBackward(dOutput, shape, dBias);
        Ops.BiasBackward(dOutput.Span(), shape, dBias.Span());
    }

    /// <inheritdoc/>
    public void Fill(float value, DeviceView<float> output) => Ops.Fill(value, output.Span());

    /// <inheritdoc/>
    public void GaussianSampleForward(
        DeviceView<float> mean, DeviceView<float> logVariance, DeviceView<float> noise, DeviceView<float> sample)
    {
        OpChecks.GaussianSampleForward(mean, logVariance, noise, sample);
        Ops.GaussianSampleForward(mean.Span(), logVariance.Span(), noise.Span(), sample.Span());
    }

    /// <inheritdoc/>
    public void GaussianSampleBackward(
        DeviceView<float> dSample, DeviceView<float> logVariance, DeviceView<float> noise,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        OpChecks.GaussianSampleBackward(dSample, logVariance, noise, dMean, dLogVariance);
        Ops.GaussianSampleBackward(dSample.Span(), logVariance.Span(), noise.Span(), dMean.Span(), dLogVariance.Span());
    }

    /// <inheritdoc/>
    public void MseForward(DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> loss)
    {
        OpChecks.MseForward(prediction, target, loss);
        Ops.MseForward(prediction.Span(), target.Span(), loss.Span());
    }

    /// <inheritdoc/>
    public void MseBackward(DeviceView<float> prediction, DeviceView<float> target, float scale, DeviceView<float> dPrediction)
    {
        OpChecks.MseBackward(prediction, target, dPrediction);
        Ops.MseBackward(prediction.Span(), target.Span(), scale, dPrediction.Span());
    }

    /// <inheritdoc/>
    public void GaussianKlForward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, DeviceView<float> loss)
    {
        OpChecks.GaussianKlForward(mean, logVariance, shape, loss);
        Ops.GaussianKlForward(mean.Span(), logVariance.Span(), shape, loss.Span());
    }

    /// <inheritdoc/>
    public void GaussianKlBackward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, float scale,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        OpChecks.GaussianKlBackward(mean, logVariance, shape, dMean, dLogVariance);
        Ops.GaussianKlBackward(mean.Span(), logVariance.Span(), shape, scale, dMean.Span(), dLogVariance.Span());
    }

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyForward(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, DeviceView<float> loss)
    {
        OpChecks.SoftmaxCrossEntropyForward(logits, labels, shape, loss);
        Ops.SoftmaxCrossEntropyForward(logits.Span(), labels.Span(), shape, loss.Span());
    }

    /// <inheritdoc/>
    public void SoftmaxCrossEntropyBackward(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, float scale, DeviceView<float> dLogits)
    {
        OpChecks.SoftmaxCrossEntropyBackward(logits, labels, shape, dLogits);
        Ops.SoftmaxCrossEntropyBackward(logits.Span(), labels.Span(), shape, scale, dLogits.Span());
    }

    /// <inheritdoc/>
    public void AdamStep(
        DeviceView<float> gradient, AdamSettings settings, DeviceView<float> rates,
        DeviceView<float> parameter, DeviceView<float> firstMoment, DeviceView<float> secondMoment)
    {
        OpChecks.AdamStep(gradient, rates, parameter, firstMoment, secondMoment);
        Ops.AdamStep(gradient.Span(), settings, rates.Span(), parameter.Span(), firstMoment.Span(), secondMoment.Span());
    }

    /// <inheritdoc/>
    public void GatherImages(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<float> output)
    {
        OpChecks.GatherImages(images, indices, pixels, output);
        Ops.GatherImages(images.Span(), indices.Span(), pixels, output.Span());
    }

    /// <inheritdoc/>
    public void GatherRows(DeviceView<float> rows, DeviceView<int> indices, RowsShape shape, DeviceView<float> output)
    {
        OpChecks.GatherRows(rows, indices, shape, output);
        Ops.GatherRows(rows.Span(), indices.Span(), shape, output.Span());
    }

    /// <inheritdoc/>
    public void RandomUniform(RandomKey key, DeviceView<float> output) => Ops.RandomUniform(key, output.Span());

    /// <inheritdoc/>
    public void RandomNormal(RandomKey key, DeviceView<float> output) => Ops.RandomNormal(key, output.Span());

    /// <inheritdoc/>
    public void BestMatchingUnits(
        DeviceView<float> input, DeviceView<float> codebook, SomShape shape,
        DeviceView<int> bmu, DeviceView<int> second, DeviceView<float> squaredDistances)
    {
        OpChecks.BestMatchingUnits(input, codebook, shape, bmu, second, squaredDistances);
        Ops.BestMatchingUnits(input.Span(), codebook.Span(), shape, bmu.Span(), second.Span(), squaredDistances.Span());
    }

    /// <inheritdoc/>
    public void SomUpdateBatch(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, DeviceView<float> rates,
        DeviceView<float> workspace, DeviceView<float> codebook)
    {
        OpChecks.SomUpdateBatch(input, bmu, shape, rates, workspace, codebook);
        Ops.SomUpdateBatch(input.Span(), bmu.Span(), shape, rates.Span()[0], rates.Span()[1], codebook.Span());
    }

    /// <inheritdoc/>
    public void SomUpdateOnline(DeviceView<float> input, SomShape shape, DeviceView<float> rates, DeviceView<float> codebook)
    {
        OpChecks.SomUpdateOnline(input, shape, rates, codebook);
        Ops.SomUpdateOnline(input.Span(), shape, rates.Span()[0], rates.Span()[1], codebook.Span());
    }
}
