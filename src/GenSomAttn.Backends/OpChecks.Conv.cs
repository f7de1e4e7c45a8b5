using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

internal static partial class OpChecks
{
    public static void Conv2dForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, Conv2dShape shape, DeviceView<float> output)
    {
        const string Op = nameof(Conv2dForward);
        Sizes(Op, shape);
        Length(Op, nameof(input), input, shape.InputLength, shape);
        Length(Op, nameof(weight), weight, shape.WeightLength, shape);
        Length(Op, nameof(bias), bias, shape.OutChannels, shape);
        Length(Op, nameof(output), output, shape.OutputLength, shape);
    }

    public static void Conv2dBackwardInput(
        DeviceView<float> dOutput, DeviceView<float> weight, Conv2dShape shape, DeviceView<float> dInput)
    {
        const string Op = nameof(Conv2dBackwardInput);
        Sizes(Op, shape);
        Length(Op, nameof(dOutput), dOutput, shape.OutputLength, shape);
        Length(Op, nameof(weight), weight, shape.WeightLength, shape);
        Length(Op, nameof(dInput), dInput, shape.InputLength, shape);
    }

    public static void Conv2dBackwardWeight(
        DeviceView<float> dOutput, DeviceView<float> input, Conv2dShape shape, DeviceView<float> dWeight)
    {
        const string Op = nameof(Conv2dBackwardWeight);
        Sizes(Op, shape);
        Length(Op, nameof(dOutput), dOutput, shape.OutputLength, shape);
        Length(Op, nameof(input), input, shape.InputLength, shape);
        Length(Op, nameof(dWeight), dWeight, shape.WeightLength, shape);
    }

    public static void ConvTranspose2dForward(
        DeviceView<float> input, DeviceView<float> weight, DeviceView<float> bias, ConvTranspose2dShape shape, DeviceView<float> output)
    {
        const string Op = nameof(ConvTranspose2dForward);
        Sizes(Op, shape);
        Length(Op, nameof(input), input, shape.InputLength, shape);
        Length(Op, nameof(weight), weight, shape.WeightLength, shape);
        Length(Op, nameof(bias), bias, shape.OutChannels, shape);
        Length(Op, nameof(output), output, shape.OutputLength, shape);
    }

    public static void ConvTranspose2dBackwardInput(
        DeviceView<float> dOutput, DeviceView<float> weight, ConvTranspose2dShape shape, DeviceView<float> dInput)
    {
        const string Op = nameof(ConvTranspose2dBackwardInput);
        Sizes(Op, shape);
        Length(Op, nameof(dOutput), dOutput, shape.OutputLength, shape);
        Length(Op, nameof(weight), weight, shape.WeightLength, shape);
        Length(Op, nameof(dInput), dInput, shape.InputLength, shape);
    }

    public static void ConvTranspose2dBackwardWeight(
        DeviceView<float> dOutput, DeviceView<float> input, ConvTranspose2dShape shape, DeviceView<float> dWeight)
    {
        const string Op = nameof(ConvTranspose2dBackwardWeight);
        Sizes(Op, shape);
        Length(Op, nameof(dOutput), dOutput, shape.OutputLength, shape);
        Length(Op, nameof(input), input, shape.InputLength, shape);
        Length(Op, nameof(dWeight), dWeight, shape.WeightLength, shape);
    }

    private static void Sizes(string op, Conv2dShape shape)
    {
        Positive(op, nameof(shape.Batch), shape.Batch);
        Positive(op, nameof(shape.InHeight), shape.InHeight);
        Positive(op, nameof(shape.InWidth), shape.InWidth);
        Positive(op, nameof(shape.InChannels), shape.InChannels);
        Positive(op, nameof(shape.OutChannels), shape.OutChannels);
        Positive(op, nameof(shape.Stride), shape.Stride);
        InRange(op, nameof(shape.Padding), shape.Padding, 0, int.MaxValue);

        // The kernel must fit at least once: division rounds towards zero, so that OutHeight would be 1 where it does not.
        InRange(op, nameof(shape.KernelHeight), shape.KernelHeight, 1, shape.InHeight + (2 * shape.Padding));
        InRange(op, nameof(shape.KernelWidth), shape.KernelWidth, 1, shape.InWidth + (2 * shape.Padding));
    }

    private static void Sizes(string op, ConvTranspose2dShape shape)
    {
        Positive(op, nameof(shape.Batch), shape.Batch);
        Positive(op, nameof(shape.InHeight), shape.InHeight);
        Positive(op, nameof(shape.InWidth), shape.InWidth);
        Positive(op, nameof(shape.InChannels), shape.InChannels);
        Positive(op, nameof(shape.OutChannels), shape.OutChannels);
        Positive(op, nameof(shape.KernelHeight), shape.KernelHeight);
        Positive(op, nameof(shape.KernelWidth), shape.KernelWidth);
        Positive(op, nameof(shape.Stride), shape.Stride);
        InRange(op, nameof(shape.Padding), shape.Padding, 0, int.MaxValue);
        InRange(op, nameof(shape.OutputPadding), shape.OutputPadding, 0, shape.Stride - 1);
        Positive(op, nameof(shape.OutHeight), shape.OutHeight);
        Positive(op, nameof(shape.OutWidth), shape.OutWidth);
    }
}
