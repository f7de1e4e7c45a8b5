using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

internal static partial class OpChecks
{
    public static void ReluForward(DeviceView<float> input, DeviceView<float> output)
        => SameLength(nameof(ReluForward), nameof(output), output, nameof(input), input);

    public static void ReluBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        SameLength(nameof(ReluBackward), nameof(dOutput), dOutput, nameof(output), output);
        SameLength(nameof(ReluBackward), nameof(dInput), dInput, nameof(output), output);
    }

    public static void SigmoidForward(DeviceView<float> input, DeviceView<float> output)
        => SameLength(nameof(SigmoidForward), nameof(output), output, nameof(input), input);

    public static void SigmoidBackward(DeviceView<float> dOutput, DeviceView<float> output, DeviceView<float> dInput)
    {
        SameLength(nameof(SigmoidBackward), nameof(dOutput), dOutput, nameof(output), output);
        SameLength(nameof(SigmoidBackward), nameof(dInput), dInput, nameof(output), output);
    }

    public static void Add(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum)
    {
        SameLength(nameof(Add), nameof(right), right, nameof(left), left);
        SameLength(nameof(Add), nameof(sum), sum, nameof(left), left);
    }

    public static void GaussianSampleForward(
        DeviceView<float> mean, DeviceView<float> logVariance, DeviceView<float> noise, DeviceView<float> sample)
    {
        const string Op = nameof(GaussianSampleForward);
        SameLength(Op, nameof(mean), mean, nameof(sample), sample);
        SameLength(Op, nameof(logVariance), logVariance, nameof(sample), sample);
        SameLength(Op, nameof(noise), noise, nameof(sample), sample);
    }

    public static void GaussianSampleBackward(
        DeviceView<float> dSample, DeviceView<float> logVariance, DeviceView<float> noise,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        const string Op = nameof(GaussianSampleBackward);
        SameLength(Op, nameof(logVariance), logVariance, nameof(dSample), dSample);
        SameLength(Op, nameof(noise), noise, nameof(dSample), dSample);
        SameLength(Op, nameof(dMean), dMean, nameof(dSample), dSample);
        SameLength(Op, nameof(dLogVariance), dLogVariance, nameof(dSample), dSample);
    }

    public static void MseForward(DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> loss)
    {
        Positive(nameof(MseForward), nameof(prediction), prediction.Length);
        SameLength(nameof(MseForward), nameof(target), target, nameof(prediction), prediction);
        Scalar(nameof(MseForward), nameof(loss), loss);
    }

    public static void MseBackward(DeviceView<float> prediction, DeviceView<float> target, DeviceView<float> dPrediction)
    {
        Positive(nameof(MseBackward), nameof(prediction), prediction.Length);
        SameLength(nameof(MseBackward), nameof(target), target, nameof(prediction), prediction);
        SameLength(nameof(MseBackward), nameof(dPrediction), dPrediction, nameof(prediction), prediction);
    }

    public static void GaussianKlForward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape, DeviceView<float> loss)
    {
        const string Op = nameof(GaussianKlForward);
        Sizes(Op, shape);
        Length(Op, nameof(mean), mean, shape.TotalLength, shape);
        Length(Op, nameof(logVariance), logVariance, shape.TotalLength, shape);
        Scalar(Op, nameof(loss), loss);
    }

    public static void GaussianKlBackward(
        DeviceView<float> mean, DeviceView<float> logVariance, RowsShape shape,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        const string Op = nameof(GaussianKlBackward);
        Sizes(Op, shape);
        Length(Op, nameof(mean), mean, shape.TotalLength, shape);
        Length(Op, nameof(logVariance), logVariance, shape.TotalLength, shape);
        Length(Op, nameof(dMean), dMean, shape.TotalLength, shape);
        Length(Op, nameof(dLogVariance), dLogVariance, shape.TotalLength, shape);
    }

    public static void SoftmaxCrossEntropyForward(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, DeviceView<float> loss)
    {
        const string Op = nameof(SoftmaxCrossEntropyForward);
        Sizes(Op, shape);
        Length(Op, nameof(logits), logits, shape.TotalLength, shape);
        Length(Op, nameof(labels), labels, shape.Rows, shape);
        Scalar(Op, nameof(loss), loss);
    }

    public static void SoftmaxCrossEntropyBackward(
        DeviceView<float> logits, DeviceView<int> labels, RowsShape shape, DeviceView<float> dLogits)
    {
        const string Op = nameof(SoftmaxCrossEntropyBackward);
        Sizes(Op, shape);
        Length(Op, nameof(logits), logits, shape.TotalLength, shape);
        Length(Op, nameof(labels), labels, shape.Rows, shape);
        Length(Op, nameof(dLogits), dLogits, shape.TotalLength, shape);
    }

    public static void AdamStep(
        DeviceView<float> gradient, DeviceView<float> rates,
        DeviceView<float> parameter, DeviceView<float> firstMoment, DeviceView<float> secondMoment)
    {
        const string Op = nameof(AdamStep);
        Pair(Op, nameof(rates), rates);
        SameLength(Op, nameof(gradient), gradient, nameof(parameter), parameter);
        SameLength(Op, nameof(firstMoment), firstMoment, nameof(parameter), parameter);
        SameLength(Op, nameof(secondMoment), secondMoment, nameof(parameter), parameter);
    }

    public static void GatherImages(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<float> output)
    {
        const string Op = nameof(GatherImages);
        Positive(Op, nameof(pixels), pixels);
        Multiple(Op, nameof(images), images, nameof(pixels), pixels);
        var shape = new RowsShape(indices.Length, pixels);
        Length(Op, nameof(output), output, shape.TotalLength, shape);
    }

    public static void GatherRows(
        DeviceView<float> rows, DeviceView<int> indices, RowsShape shape, DeviceView<float> output)
    {
        const string Op = nameof(GatherRows);
        Sizes(Op, shape);
        Multiple(Op, nameof(rows), rows, nameof(shape.Length), shape.Length);
        Length(Op, nameof(indices), indices, shape.Rows, shape);
        Length(Op, nameof(output), output, shape.TotalLength, shape);
    }

    public static void BestMatchingUnits(
        DeviceView<float> input, DeviceView<float> codebook, SomShape shape,
        DeviceView<int> bmu, DeviceView<int> second, DeviceView<float> squaredDistances)
    {
        const string Op = nameof(BestMatchingUnits);
        Sizes(Op, shape);
        Length(Op, nameof(input), input, shape.InputLength, shape);
        Length(Op, nameof(codebook), codebook, shape.CodebookLength, shape);
        Length(Op, nameof(bmu), bmu, shape.Samples, shape);
        Length(Op, nameof(second), second, shape.Samples, shape);
        Length(Op, nameof(squaredDistances), squaredDistances, 2 * shape.Samples, shape);
    }

    public static void SomUpdateBatch(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, DeviceView<float> rates,
        DeviceView<float> workspace, DeviceView<float> codebook)
    {
        const string Op = nameof(SomUpdateBatch);
        Sizes(Op, shape);
        Pair(Op, nameof(rates), rates);
        Length(Op, nameof(input), input, shape.InputLength, shape);
        Length(Op, nameof(bmu), bmu, shape.Samples, shape);
        Length(Op, nameof(workspace), workspace, shape.BatchWorkspaceLength, shape);
        Length(Op, nameof(codebook), codebook, shape.CodebookLength, shape);
    }

    public static void SomUpdateOnline(
        DeviceView<float> input, SomShape shape, DeviceView<float> rates, DeviceView<float> codebook)
    {
        const string Op = nameof(SomUpdateOnline);
        Sizes(Op, shape);
        Pair(Op, nameof(rates), rates);
        Length(Op, nameof(input), input, shape.InputLength, shape);
        Length(Op, nameof(codebook), codebook, shape.CodebookLength, shape);
    }

    private static void Sizes(string op, SomShape shape)
    {
        Positive(op, nameof(shape.Samples), shape.Samples);
        Positive(op, nameof(shape.MapHeight), shape.MapHeight);
        Positive(op, nameof(shape.MapWidth), shape.MapWidth);
        Positive(op, nameof(shape.Dimension), shape.Dimension);
    }

    private static void Multiple<T>(string op, string operand, DeviceView<T> view, string size, int value)
        where T : unmanaged
    {
        if (view.Length % value != 0)
        {
            throw new ArgumentException($"{op}: {operand} has {view.Length} elements, which is not a multiple of {size} {value}.", operand);
        }
    }
}
