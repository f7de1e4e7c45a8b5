using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using static GenSomAttn.Engine.Layers.ActivationLayer;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// Convolutional encoder and decoder of square images whose side is a multiple of 4. Two convolutions of stride 2 halve the side twice;
/// the decoder mirrors them.
/// </summary>
internal sealed class ConvNetworks
{
    private const int OuterChannels = 32;
    private const int InnerChannels = 64;
    private readonly ImageShape _image;

    /// <summary>Checks the sizes of a model.</summary>
    /// <param name="image">Shape of the images.</param>
    /// <param name="batchSize">Images of the largest batch; the decoder's batch is twice as large.</param>
    /// <exception cref="ArgumentException">The side is no multiple of 4, or a buffer would be too long.</exception>
    public ConvNetworks(ImageShape image, int batchSize)
    {
        int side = image.Side;
        if (side < 4 || side % 4 != 0)
        {
            throw new ArgumentException($"Images have {side} x {side} pixels; the side must be a multiple of 4.");
        }

        long largest = LargestActivation(side) * 2 * batchSize;
        if (largest > int.MaxValue)
        {
            throw new ArgumentException(
                $"--batch-size {batchSize} needs a buffer of {largest} elements at {side} x {side} pixels, more than {int.MaxValue}.");
        }

        _image = image;
    }

    /// <summary>Rows and columns of the inner feature map, S/4.</summary>
    public int InnerSide => _image.Side / 4;

    /// <summary>Shape of the inner feature map: its positions and their channels.</summary>
    public RowsShape Positions => new(InnerSide * InnerSide, InnerChannels);

    /// <summary>
    /// Computes the elements of the largest activation of one image: the output of the first layer, always more than the 3·S² of an image.
    /// </summary>
    public static long LargestActivation(int side) => (long)(side / 2) * (side / 2) * OuterChannels;

    /// <summary>Builds the convolutions of the encoder, (N, S, S, C) to (N, S/4, S/4, 64): conv, ReLU, conv, ReLU.</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    public Sequence Encoder(LayerContext context)
    {
        int side = _image.Side;
        int half = side / 2;
        var conv1 = new Conv2d(
            context, "encoder.conv1", new Conv2dShape(0, side, side, _image.Channels, OuterChannels, 3, 3, Stride: 2, Padding: 1),
            needsInputGradient: false);
        var conv2 = new Conv2d(
            context, "encoder.conv2", new Conv2dShape(0, half, half, OuterChannels, InnerChannels, 3, 3, Stride: 2, Padding: 1));
        return new Sequence(conv1, Relu(context), conv2, Relu(context));
    }

    /// <summary>Builds the linear layer after the convolutions, (N, S/4, S/4, 64) to (N, outputs).</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="name">Prefix of the parameters' names.</param>
    /// <param name="outputs">Elements of the output.</param>
    /// <param name="output">Buffer of the output; if empty, the layer allocates one.</param>
    public Linear Head(LayerContext context, string name, int outputs, DeviceView<float> output = default)
    {
        int features = Positions.TotalLength;
        return new Linear(
            context,
            Linear.Declare(
                context, $"{name}.weight", ParameterLayout.LinearAfterFlatten(InnerSide, InnerSide, InnerChannels, outputs), features),
            Linear.Declare(context, $"{name}.bias", ParameterLayout.Same(outputs), features),
            new LinearShape(1, features, outputs),
            output);
    }

    /// <summary>
    /// Builds the decoder, (N, D) to (N, S, S, C) in (0, 1): linear, ReLU, transposed conv, ReLU, transposed conv, sigmoid.
    /// </summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="latent">D.</param>
    public Sequence Decoder(LayerContext context, int latent)
    {
        int half = _image.Side / 2;
        var linear = new Linear(
            context,
            Linear.Declare(
                context, "decoder.linear.weight",
                ParameterLayout.LinearBeforeUnflatten(latent, InnerSide, InnerSide, InnerChannels), latent),
            Linear.Declare(
                context, "decoder.linear.bias", ParameterLayout.BiasBeforeUnflatten(InnerSide, InnerSide, InnerChannels), latent),
            new LinearShape(1, latent, Positions.TotalLength));
        var convTranspose1 = new ConvTranspose2d(
            context, "decoder.conv_transpose1",
            new ConvTranspose2dShape(0, InnerSide, InnerSide, InnerChannels, OuterChannels, 4, 4, Stride: 2, Padding: 1, OutputPadding: 0));
        var convTranspose2 = new ConvTranspose2d(
            context, "decoder.conv_transpose2",
            new ConvTranspose2dShape(0, half, half, OuterChannels, _image.Channels, 4, 4, Stride: 2, Padding: 1, OutputPadding: 0));
        return new Sequence(
            linear, Relu(context), convTranspose1, Relu(context), convTranspose2, Sigmoid(context));
    }
}
