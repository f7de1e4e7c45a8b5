using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

internal static partial class OpChecks
{
    public static void LinearForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, LinearShape shape, DeviceView<float> output)
    {
        const string Op = nameof(LinearForward);
        Sizes(Op, shape);
        Length(Op, nameof(input), input, shape.InputLength, shape);
        Length(Op, nameof(weight), weight, shape.WeightLength, shape);
        if (!bias.IsEmpty)
        {
            Length(Op, nameof(bias), bias, shape.OutFeatures, shape);
        }

        Length(Op, nameof(output), output, shape.OutputLength, shape);
    }

    public static void LinearBackwardInput(
        DeviceView<float> dOutput, DeviceView<float> weight, LinearShape shape, DeviceView<float> dInput)
    {
        const string Op = nameof(LinearBackwardInput);
        Sizes(Op, shape);
        Length(Op, nameof(dOutput), dOutput, shape.OutputLength, shape);
        Length(Op, nameof(weight), weight, shape.WeightLength, shape);
        Length(Op, nameof(dInput), dInput, shape.InputLength, shape);
    }

    public static void LinearBackwardWeight(
        DeviceView<float> dOutput, DeviceView<float> input, LinearShape shape, DeviceView<float> dWeight)
    {
        const string Op = nameof(LinearBackwardWeight);
        Sizes(Op, shape);
        Length(Op, nameof(dOutput), dOutput, shape.OutputLength, shape);
        Length(Op, nameof(input), input, shape.InputLength, shape);
        Length(Op, nameof(dWeight), dWeight, shape.WeightLength, shape);
    }

    public static void LayerNormForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, RowsShape shape, float epsilon,
        DeviceView<float> output, DeviceView<float> savedMean, DeviceView<float> savedInvStd)
    {
        const string Op = nameof(LayerNormForward);
        Sizes(Op, shape);
        Positive(Op, nameof(epsilon), epsilon);
        Length(Op, nameof(input), input, shape.TotalLength, shape);
        Length(Op, nameof(weight), weight, shape.Length, shape);
        Length(Op, nameof(bias), bias, shape.Length, shape);
        Length(Op, nameof(output), output, shape.TotalLength, shape);
        Length(Op, nameof(savedMean), savedMean, shape.Rows, shape);
        Length(Op, nameof(savedInvStd), savedInvStd, shape.Rows, shape);
    }

    public static void LayerNormBackward(
        DeviceView<float> dOutput, DeviceView<float> input, DeviceView<float> weight,
        DeviceView<float> savedMean, DeviceView<float> savedInvStd, RowsShape shape,
        DeviceView<float> dInput, DeviceView<float> dWeight, DeviceView<float> dBias)
    {
        const string Op = nameof(LayerNormBackward);
        Sizes(Op, shape);
        Length(Op, nameof(dOutput), dOutput, shape.TotalLength, shape);
        Length(Op, nameof(input), input, shape.TotalLength, shape);
        Length(Op, nameof(weight), weight, shape.Length, shape);
        Length(Op, nameof(savedMean), savedMean, shape.Rows, shape);
        Length(Op, nameof(savedInvStd), savedInvStd, shape.Rows, shape);
        Length(Op, nameof(dInput), dInput, shape.TotalLength, shape);
        Length(Op, nameof(dWeight), dWeight, shape.Length, shape);
        Length(Op, nameof(dBias), dBias, shape.Length, shape);
    }

    public static void SoftmaxForward(DeviceView<float> input, RowsShape shape, DeviceView<float> output)
    {
        const string Op = nameof(SoftmaxForward);
        Sizes(Op, shape);
        Length(Op, nameof(input), input, shape.TotalLength, shape);
        Length(Op, nameof(output), output, shape.TotalLength, shape);
    }

    public static void SoftmaxBackward(
        DeviceView<float> dOutput, DeviceView<float> output, RowsShape shape, DeviceView<float> dInput)
    {
        const string Op = nameof(SoftmaxBackward);
        Sizes(Op, shape);
        Length(Op, nameof(dOutput), dOutput, shape.TotalLength, shape);
        Length(Op, nameof(output), output, shape.TotalLength, shape);
        Length(Op, nameof(dInput), dInput, shape.TotalLength, shape);
    }

    public static void AttentionForward(
        DeviceView<float> queryKeyValue, AttentionShape shape, DeviceView<float> probs, DeviceView<float> context)
    {
        const string Op = nameof(AttentionForward);
        Sizes(Op, shape);
        Length(Op, nameof(queryKeyValue), queryKeyValue, shape.QueryKeyValueLength, shape);
        Length(Op, nameof(probs), probs, shape.ProbsLength, shape);
        Length(Op, nameof(context), context, shape.ContextLength, shape);
    }

    public static void AttentionBackward(
        DeviceView<float> dContext, DeviceView<float> queryKeyValue, DeviceView<float> probs, AttentionShape shape,
        DeviceView<float> dQueryKeyValue)
    {
        const string Op = nameof(AttentionBackward);
        Sizes(Op, shape);
        Length(Op, nameof(dContext), dContext, shape.ContextLength, shape);
        Length(Op, nameof(queryKeyValue), queryKeyValue, shape.QueryKeyValueLength, shape);
        Length(Op, nameof(probs), probs, shape.ProbsLength, shape);
        Length(Op, nameof(dQueryKeyValue), dQueryKeyValue, shape.QueryKeyValueLength, shape);
    }

    public static void BiasForward(DeviceView<float> input, DeviceView<float> bias, RowsShape shape, DeviceView<float> output)
    {
        const string Op = nameof(BiasForward);
        Sizes(Op, shape);
        Length(Op, nameof(input), input, shape.TotalLength, shape);
        Length(Op, nameof(bias), bias, shape.Length, shape);
        Length(Op, nameof(output), output, shape.TotalLength, shape);
    }

    public static void BiasBackward(DeviceView<float> dOutput, RowsShape shape, DeviceView<float> dBias)
    {
        const string Op = nameof(BiasBackward);
        Sizes(Op, shape);
        Length(Op, nameof(dOutput), dOutput, shape.TotalLength, shape);
        Length(Op, nameof(dBias), dBias, shape.Length, shape);
    }

    private static void Sizes(string op, LinearShape shape)
    {
        Positive(op, nameof(shape.Rows), shape.Rows);
        Positive(op, nameof(shape.InFeatures), shape.InFeatures);
        Positive(op, nameof(shape.OutFeatures), shape.OutFeatures);
    }

    private static void Sizes(string op, RowsShape shape)
    {
        Positive(op, nameof(shape.Rows), shape.Rows);
        Positive(op, nameof(shape.Length), shape.Length);
    }

    private static void Sizes(string op, AttentionShape shape)
    {
        Positive(op, nameof(shape.Batch), shape.Batch);
        Positive(op, nameof(shape.Tokens), shape.Tokens);
        Positive(op, nameof(shape.Width), shape.Width);
        Positive(op, nameof(shape.Heads), shape.Heads);
        if (shape.Width % shape.Heads != 0)
        {
            throw new ArgumentException($"{op}: Width {shape.Width} is not a multiple of Heads {shape.Heads}.", nameof(shape));
        }
    }
}
