using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using NUnit.Framework;

namespace GenSomAttn.Tests.Goldens;

/// <summary>Convolutions, alone and in a chain.</summary>
internal static class ConvGoldens
{
    public static void Conv2d(GoldenCase golden)
    {
        Conv2dShape shape = Conv2dShapeOf(golden, "weight", golden.Int("stride"), golden.Int("padding"));
        RowsShape pixels = new(shape.OutPixels, shape.OutChannels);
        DeviceView<float> input = golden.Load("input", GoldenCase.Images);
        DeviceView<float> weight = golden.Load("weight", GoldenCase.ConvWeight);
        DeviceView<float> dOutput = golden.Load("d_output", GoldenCase.Images);
        DeviceView<float> output = golden.Zeros(shape.OutputLength);
        DeviceView<float> dInput = golden.Zeros(shape.InputLength);
        DeviceView<float> dWeight = golden.Zeros(shape.WeightLength);
        DeviceView<float> dBias = golden.Zeros(shape.OutChannels);

        golden.Backend.Conv2dForward(input, weight, golden.Load("bias"), shape, output);
        golden.Backend.Conv2dBackwardInput(dOutput, weight, shape, dInput);
        golden.Backend.Conv2dBackwardWeight(dOutput, input, shape, dWeight);
        golden.Backend.BiasBackward(dOutput, pixels, dBias);

        int kernelArea = shape.KernelHeight * shape.KernelWidth;
        golden.Close("output", output, Tolerance.OfSum(kernelArea * shape.InChannels), GoldenCase.Images);
        golden.Close("d_input", dInput, Tolerance.OfSum(kernelArea * shape.OutChannels), GoldenCase.Images);
        golden.Close("d_weight", dWeight, Tolerance.OfSum(shape.OutPixels), GoldenCase.ConvWeight);
        golden.Close("d_bias", dBias, Tolerance.OfSum(shape.OutPixels));
    }

    public static void ConvTranspose2d(GoldenCase golden)
    {
        ConvTranspose2dShape shape = ConvTranspose2dShapeOf(
            golden.Shape("input"), golden.Shape("weight"), golden.Int("stride"), golden.Int("padding"), golden.Int("output_padding"));
        RowsShape pixels = new(shape.OutPixels, shape.OutChannels);
        DeviceView<float> input = golden.Load("input", GoldenCase.Images);
        DeviceView<float> weight = golden.Load("weight", GoldenCase.ConvTransposeWeight);
        DeviceView<float> dOutput = golden.Load("d_output", GoldenCase.Images);
        DeviceView<float> output = golden.Zeros(shape.OutputLength);
        DeviceView<float> dInput = golden.Zeros(shape.InputLength);
        DeviceView<float> dWeight = golden.Zeros(shape.WeightLength);
        DeviceView<float> dBias = golden.Zeros(shape.OutChannels);

        golden.Backend.ConvTranspose2dForward(input, weight, golden.Load("bias"), shape, output);
        golden.Backend.ConvTranspose2dBackwardInput(dOutput, weight, shape, dInput);
        golden.Backend.ConvTranspose2dBackwardWeight(dOutput, input, shape, dWeight);
        golden.Backend.BiasBackward(dOutput, pixels, dBias);

        int kernelArea = shape.KernelHeight * shape.KernelWidth;
        golden.Close("output", output, Tolerance.OfSum(kernelArea * shape.InChannels), GoldenCase.Images);
        golden.Close("d_input", dInput, Tolerance.OfSum(kernelArea * shape.OutChannels), GoldenCase.Images);
        golden.Close(
            "d_weight", dWeight, Tolerance.OfSum(shape.Batch * shape.InHeight * shape.InWidth), GoldenCase.ConvTransposeWeight);
        golden.Close("d_bias", dBias, Tolerance.OfSum(shape.OutPixels));
    }

    /// <summary>Convolution, ReLU, transposed convolution, sigmoid, and the MSE against the input: one backward pass through all.</summary>
    public static void Chain(GoldenCase golden)
    {
        Assert.That(
            golden.Text("layers"), Is.EqualTo("conv2d s2 p1 | relu | conv_transpose2d s2 p1 op1 | sigmoid | mse against the input"));
        Conv2dShape conv = Conv2dShapeOf(golden, "conv_weight", stride: 2, padding: 1);
        ConvTranspose2dShape convt = ConvTranspose2dShapeOf(
            [conv.Batch, conv.OutChannels, conv.OutHeight, conv.OutWidth], golden.Shape("convt_weight"), 2, 1, 1);
        DeviceView<float> input = golden.Load("input", GoldenCase.Images);
        DeviceView<float> convtWeight = golden.Load("convt_weight", GoldenCase.ConvTransposeWeight);
        DeviceView<float> hidden = golden.Zeros(conv.OutputLength);
        DeviceView<float> output = golden.Zeros(convt.OutputLength);
        DeviceView<float> loss = golden.Zeros(1);
        Backend<float> backend = golden.Backend;
        backend.Conv2dForward(input, golden.Load("conv_weight", GoldenCase.ConvWeight), golden.Load("conv_bias"), conv, hidden);
        backend.ActivationForward(Activation.Relu, hidden, hidden);
        backend.ConvTranspose2dForward(hidden, convtWeight, golden.Load("convt_bias"), convt, output);
        backend.ActivationForward(Activation.Sigmoid, output, output);
        backend.MseForward(output, input, loss);

        DeviceView<float> dOutput = golden.Zeros(convt.OutputLength);
        DeviceView<float> dHidden = golden.Zeros(conv.OutputLength);
        DeviceView<float> dConvWeight = golden.Zeros(conv.WeightLength);
        DeviceView<float> dConvBias = golden.Zeros(conv.OutChannels);
        DeviceView<float> dConvtWeight = golden.Zeros(convt.WeightLength);
        DeviceView<float> dConvtBias = golden.Zeros(convt.OutChannels);
        backend.MseBackward(output, input, 1, dOutput);
        backend.ActivationBackward(Activation.Sigmoid, dOutput, output, dOutput);
        backend.ConvTranspose2dBackwardWeight(dOutput, hidden, convt, dConvtWeight);
        backend.BiasBackward(dOutput, new RowsShape(convt.OutPixels, convt.OutChannels), dConvtBias);
        backend.ConvTranspose2dBackwardInput(dOutput, convtWeight, convt, dHidden);
        backend.ActivationBackward(Activation.Relu, dHidden, hidden, dHidden);
        backend.Conv2dBackwardWeight(dHidden, input, conv, dConvWeight);
        backend.BiasBackward(dHidden, new RowsShape(conv.OutPixels, conv.OutChannels), dConvBias);

        Tolerance mean = new(1e-7, 2e-5, "means over all pixels of terms below 1; five operations in float, one after another");
        golden.Close("loss", loss, mean);
        golden.Close("d_conv_weight", dConvWeight, mean, GoldenCase.ConvWeight);
        golden.Close("d_conv_bias", dConvBias, mean);
        golden.Close("d_convt_weight", dConvtWeight, mean, GoldenCase.ConvTransposeWeight);
        golden.Close("d_convt_bias", dConvtBias, mean);
    }

    private static Conv2dShape Conv2dShapeOf(GoldenCase golden, string weightName, int stride, int padding)
    {
        int[] input = golden.Shape("input");
        int[] weight = golden.Shape(weightName);
        return new Conv2dShape(input[0], input[2], input[3], input[1], weight[0], weight[2], weight[3], stride, padding);
    }

    private static ConvTranspose2dShape ConvTranspose2dShapeOf(int[] input, int[] weight, int stride, int padding, int outputPadding)
        => new(input[0], input[2], input[3], input[1], weight[1], weight[2], weight[3], stride, padding, outputPadding);
}
