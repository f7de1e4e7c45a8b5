using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Ilgpu;

// Operations whose kernels are not written yet.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    public void ReluForward(
        DeviceView<float> input, DeviceView<float> output) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void ReluBackward(
        DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void SigmoidForward(
        DeviceView<float> input, DeviceView<float> output) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void SigmoidBackward(
        DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void AttentionForward(
        DeviceView<float> queryKeyValue, AttentionShape shape, DeviceView<float> probs, DeviceView<float> context) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void AttentionBackward(
        DeviceView<float> dContext, DeviceView<float> queryKeyValue, DeviceView<float> probs, AttentionShape shape, DeviceView<float> dQueryKeyValue) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void GatherImages(
        DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<float> output) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void GatherRows(
        DeviceView<float> rows, DeviceView<int> indices, RowsShape shape, DeviceView<float> output) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void BiasForward(
        DeviceView<float> input, DeviceView<float> bias, RowsShape shape, DeviceView<float> output) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void BiasBackward(
        DeviceView<float> dOutput, RowsShape shape, DeviceView<float> dBias) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void MseForward(
        DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> loss) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void MseBackward(
        DeviceView<float> prediction, DeviceView<float> target, float scale, DeviceView<float> dPrediction) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void GaussianKlForward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, DeviceView<float> loss) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void GaussianKlBackward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, float scale, DeviceView<float> dMean, DeviceView<float> dLogVariance) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void LayerNormForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, RowsShape shape, float epsilon, DeviceView<float> output, DeviceView<float> savedMean, DeviceView<float> savedInvStd) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void LayerNormBackward(
        DeviceView<float> dOutput, DeviceView<float> input, DeviceView<float> weight, DeviceView<float> savedMean, DeviceView<float> savedInvStd, RowsShape shape, DeviceView<float> dInput, DeviceView<float> dWeight, DeviceView<float> dBias) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void SoftmaxForward(
        DeviceView<float> input, RowsShape shape, DeviceView<float> output) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void SoftmaxBackward(
        DeviceView<float> dOutput, DeviceView<float> output, RowsShape shape, DeviceView<float> dInput) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void AdamStep(
        DeviceView<float> gradient, AdamSettings settings, DeviceView<float> parameter, DeviceView<float> firstMoment, DeviceView<float> secondMoment) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void RandomUniform(
        RandomKey key, DeviceView<float> output) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void RandomNormal(
        RandomKey key, DeviceView<float> output) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void BestMatchingUnits(
        DeviceView<float> input, DeviceView<float> codebook, SomShape shape, DeviceView<int> bmu, DeviceView<int> second, DeviceView<float> squaredDistances) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void SomUpdateBatch(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, float learningRate, float sigma, DeviceView<float> workspace, DeviceView<float> codebook) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void SomUpdateOnline(
        DeviceView<float> input, SomShape shape, float learningRate, float sigma, DeviceView<float> codebook) => throw new NotImplementedException();
}
