using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Settings;
using static GenSomAttn.Engine.Layers.ActivationLayer;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// Convolutional encoder and decoder, for square images of one channel whose side is a multiple of 4. Two convolutions of stride 2
/// halve the side twice; the decoder mirrors them.
/// </summary>
internal static class ConvNetworks
{
    private const int OuterChannels = 32;
    private const int InnerChannels = 64;

    /// <summary>Computes the elements of the largest activation of one image: the output of the first layer.</summary>
    public static long LargestActivation(int side) => (long)(side / 2) * (side / 2) * OuterChannels;

    /// <summary>Checks the sizes of a model.</summary>
    /// <param name="side">S, pixels.</param>
    /// <param name="batchSize">Images of the largest batch; the decoder's batch is twice as large.</param>
    /// <exception cref="ArgumentException">The side is no multiple of 4, or a buffer would be too long.</exception>
    public static void CheckSide(int side, int batchSize)
    {
        if (side < 4 || side % 4 != 0)
        {
            throw new ArgumentException($"Images have {side} x {side} pixels; the side must be a multiple of 4.");
        }

        long largest = LargestActivation(side) * 2 * batchSize;
        if (largest > int.MaxValue)
        {
            SettingName batch = new(nameof(TrainingSettings.BatchSize));
            throw new SettingException(
                $"{batch} {batchSize} needs a buffer of {largest} elements at {side} x {side} pixels, more than {int.MaxValue}.");
        }
    }

    /// <summary>Returns the shape of the inner feature map: (S/4)² positions and their channels.</summary>
    public static RowsShape Positions(int side) => new(side / 4 * (side / 4), InnerChannels);

    /// <summary>Builds the convolutions of the encoder, (N, S, S, 1) to (N, S/4, S/4, C): conv, ReLU, conv, ReLU.</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="side">S, pixels.</param>
    public static Sequence EncoderConvolutions(LayerContext context, int side)
    {
        int half = side / 2;
        var conv1 = new Conv2d(
            context, "encoder.conv1", new Conv2dShape(0, side, side, 1, OuterChannels, 3, 3, Stride: 2, Padding: 1),
            needsInputGradient: false);
        var conv2 = new Conv2d(
            context, "encoder.conv2", new Conv2dShape(0, half, half, OuterChannels, InnerChannels, 3, 3, Stride: 2, Padding: 1));
        return new Sequence(conv1, Relu(context), conv2, Relu(context));
    }

    /// <summary>Builds the linear layer after the convolutions, (N, S/4, S/4, C) to (N, outputs).</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="side">S, pixels.</param>
    /// <param name="outputs">Elements of the output.</param>
    /// <param name="output">Buffer of the output; if empty, the layer allocates one.</param>
    public static Linear Head(LayerContext context, string name, int side, int outputs, DeviceView<float> output = default)
    {
        int quarter = side / 4;
        int features = Positions(side).TotalLength;
        return new Linear(
            context,
            Linear.Declare(
                context, $"{name}.weight", ParameterLayout.LinearAfterFlatten(quarter, quarter, InnerChannels, outputs), features),
            Linear.Declare(context, $"{name}.bias", ParameterLayout.Same(outputs), features),
            new LinearShape(1, features, outputs),
            output);
    }

    /// <summary>
    /// Builds the decoder, (N, D) to (N, S, S, 1) in (0, 1): linear, ReLU, transposed conv, ReLU, transposed conv, sigmoid.
    /// </summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="side">S, pixels.</param>
    /// <param name="latent">D.</param>
    public static Sequence Decoder(LayerContext context, int side, int latent)
    {
        int half = side / 2;
        int quarter = side / 4;
        int features = Positions(side).TotalLength;
        var linear = new Linear(
            context,
            Linear.Declare(
                context, "decoder.linear.weight", ParameterLayout.LinearBeforeUnflatten(latent, quarter, quarter, InnerChannels), latent),
            Linear.Declare(context, "decoder.linear.bias", ParameterLayout.BiasBeforeUnflatten(quarter, quarter, InnerChannels), latent),
            new LinearShape(1, latent, features));
        var convTranspose1 = new ConvTranspose2d(
            context, "decoder.conv_transpose1",
            new ConvTranspose2dShape(0, quarter, quarter, InnerChannels, OuterChannels, 4, 4, Stride: 2, Padding: 1, OutputPadding: 0));
        var convTranspose2 = new ConvTranspose2d(
            context, "decoder.conv_transpose2",
            new ConvTranspose2dShape(0, half, half, OuterChannels, 1, 4, 4, Stride: 2, Padding: 1, OutputPadding: 0));
        return new Sequence(
            linear, Relu(context), convTranspose1, Relu(context), convTranspose2, Sigmoid(context));
    }
}
