using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;
using static GenSomAttn.Engine.Layers.ActivationLayer;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// Convolutional encoder and decoder of square images. Each stage of the encoder is a convolution of stride 2, which halves the side, and a
/// ReLU; the decoder mirrors them with transposed convolutions.
/// </summary>
internal sealed class ConvNetworks
{
    /// <summary>A further stage is added while the side is above this: images up to 128 x 128 have two; why: docs/CHOICES.md.</summary>
    private const int LargestInnerSide = 32;

    private readonly ImageShape _image;

    /// <summary>Checks the sizes of a model.</summary>
    /// <param name="image">Shape of the images.</param>
    /// <param name="stages">Number of stages.</param>
    /// <param name="batchSize">Images of the largest batch; the decoder's batch is twice as large.</param>
    /// <exception cref="ArgumentException">The stages cannot halve the side, or a buffer would be too long.</exception>
    public ConvNetworks(ImageShape image, int stages, int batchSize)
    {
        int side = image.Side;
        int divisor = 1 << stages;
        if (side < divisor || side % divisor != 0)
        {
            FormattableString remedy = stages > TrainingSettings.MinStages
                ? (FormattableString)$", or fewer {new SettingName(nameof(TrainingSettings.Stages))} than {stages}"
                : $"";
            throw new SettingException($"Images have {side} x {side} pixels; the side must be a multiple of {divisor}{remedy}.");
        }

        long largest = LargestActivation(side) * 2 * batchSize;
        if (largest > int.MaxValue)
        {
            SettingName batch = new(nameof(TrainingSettings.BatchSize));
            throw new SettingException(
                $"{batch} {batchSize} needs a buffer of {largest} elements at {side} x {side} pixels, more than {int.MaxValue}.");
        }

        _image = image;
        Stages = stages;
    }

    /// <summary>Number of stages.</summary>
    public int Stages { get; }

    /// <summary>Rows and columns of the inner feature map, S / 2^stages.</summary>
    public int InnerSide => SideAfter(Stages);

    /// <summary>Shape of the inner feature map: its positions and their channels.</summary>
    public RowsShape Positions => new(InnerSide * InnerSide, ChannelsAfter(Stages));

    /// <summary>Returns the stages for images of a side: while the side left is even and above 32, and at least two.</summary>
    public static int StagesOf(int side)
    {
        int stages = TrainingSettings.MinStages;
        for (int left = side >> stages; left % 2 == 0 && left > LargestInnerSide; left /= 2)
        {
            stages++;
        }

        return stages;
    }

    /// <summary>
    /// Computes the elements of the largest activation of one image: the output of the first stage, more than the 3·S² of the image itself,
    /// and at least twice that of each further stage, which has a quarter of the positions and at most twice the channels.
    /// </summary>
    public static long LargestActivation(int side) => (long)(side / 2) * (side / 2) * Channels(1);

    /// <summary>Builds the convolutions of the encoder, (N, S, S, C) to (N, <see cref="Positions"/>): conv, ReLU for each stage.</summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    public Sequence Encoder(LayerContext context)
    {
        List<Layer> layers = [];
        for (int stage = 1; stage <= Stages; stage++)
        {
            int side = SideAfter(stage - 1);
            layers.Add(new Conv2d(
                context, $"encoder.conv{stage}",
                new Conv2dShape(0, side, side, ChannelsAfter(stage - 1), ChannelsAfter(stage), 3, 3, stride: 2, padding: 1),
                needsInputGradient: stage > 1));
            layers.Add(Relu(context));
        }

        return new Sequence([.. layers]);
    }

    /// <summary>Builds the linear layer after the convolutions, (N, <see cref="Positions"/>) to (N, outputs).</summary>
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
                context, $"{name}.weight", ParameterLayout.LinearAfterFlatten(InnerSide, InnerSide, Positions.Length, outputs), features),
            Linear.Declare(context, $"{name}.bias", ParameterLayout.Same(outputs), features),
            new LinearShape(1, features, outputs),
            output);
    }

    /// <summary>
    /// Builds the decoder, (N, D) to (N, S, S, C) in (0, 1): linear, ReLU, then for each stage a transposed conv and a ReLU, the last one a
    /// sigmoid.
    /// </summary>
    /// <param name="context">Backend, parameters, memory, largest batch.</param>
    /// <param name="latent">D.</param>
    public Sequence Decoder(LayerContext context, int latent)
    {
        RowsShape inner = Positions;
        var linear = new Linear(
            context,
            Linear.Declare(
                context, "decoder.linear.weight",
                ParameterLayout.LinearBeforeUnflatten(latent, InnerSide, InnerSide, inner.Length), latent),
            Linear.Declare(context, "decoder.linear.bias", ParameterLayout.BiasBeforeUnflatten(InnerSide, InnerSide, inner.Length), latent),
            new LinearShape(1, latent, inner.TotalLength));
        List<Layer> layers = [linear];
        for (int stage = Stages; stage > 0; stage--)
        {
            int side = SideAfter(stage);
            layers.Add(Relu(context));
            layers.Add(new ConvTranspose2d(
                context, $"decoder.conv_transpose{Stages - stage + 1}",
                new ConvTranspose2dShape(
                    0, side, side, ChannelsAfter(stage), ChannelsAfter(stage - 1), 4, 4, Stride: 2, Padding: 1, OutputPadding: 0)));
        }

        return new Sequence([.. layers, Sigmoid(context)]);
    }

    /// <summary>Returns the rows and columns of the feature map after a stage; 0 for the image.</summary>
    public int SideAfter(int stage) => _image.Side >> stage;

    /// <summary>Returns the channels of the feature map after a stage; 0 for the image.</summary>
    public int ChannelsAfter(int stage) => stage == 0 ? _image.Channels : Channels(stage);

    /// <summary>Returns the channels after a stage from 1 on.</summary>
    private static int Channels(int stage) => Math.Min(16 << stage, 128);
}
