using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model;

/// <summary>
/// The convolutional halves of the model, for square images of one channel whose side is a multiple of 4. Two strided layers
/// halve the side twice; the decoder mirrors them.
/// </summary>
internal static class ConvNetworks
{
    private const int OuterChannels = 32;
    private const int InnerChannels = 64;

    /// <summary>Elements of the longest buffer for one image: the first layer's output.</summary>
    public static long LargestActivation(int side) => (long)(side / 2) * (side / 2) * OuterChannels;

    /// <summary>Positions of the inner feature map, (S/4)², and its channels.</summary>
    public static RowsShape Positions(int side) => new(side / 4 * (side / 4), InnerChannels);

    /// <summary>First half of the encoder, (N, S, S, 1) to (N, S/4, S/4, C): conv, ReLU, conv, ReLU.</summary>
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
        return new Sequence(conv1, new Relu(context), conv2, new Relu(context));
    }

    /// <summary>Second half of the encoder, (N, S/4, S/4, C) to (N, D): linear.</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="side">S, pixels.</param>
    /// <param name="latent">D.</param>
    /// <param name="output">Where the output goes; the layer takes a buffer of its own if left out.</param>
    public static Linear EncoderLinear(LayerContext context, int side, int latent, DeviceView<float> output = default)
    {
        int quarter = side / 4;
        int features = Positions(side).TotalLength;
        return new Linear(
            context,
            Linear.Declare(
                context, "encoder.linear.weight", ParameterLayout.LinearAfterFlatten(quarter, quarter, InnerChannels, latent), features),
            Linear.Declare(context, "encoder.linear.bias", ParameterLayout.Same(latent), features),
            new LinearShape(1, features, latent),
            output);
    }

    /// <summary>(N, D) to (N, S, S, 1) in (0, 1): linear, ReLU, transposed conv, ReLU, transposed conv, sigmoid.</summary>
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
            linear, new Relu(context), convTranspose1, new Relu(context), convTranspose2, new Sigmoid(context));
    }
}
