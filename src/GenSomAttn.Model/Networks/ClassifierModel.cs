using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;
using static GenSomAttn.Engine.Layers.ActivationLayer;

namespace GenSomAttn.Model.Networks;

/// <summary>
/// A classifier of images: three convolutions, of which two halve the side, a layer of <see cref="Features"/> features, and one logit
/// per class. Its features are the space in which generated and real images are compared, for example by the Fréchet distance.
/// </summary>
public sealed class ClassifierModel : ImageModel
{
    /// <summary>D, the number of features of an image.</summary>
    public const int Features = 128;

    private const int OuterChannels = 32;
    private const int InnerChannels = 64;
    private readonly Sequence _features;
    private readonly Linear _scores;

    /// <summary>
    /// Builds a classifier; all parameters are zero until <see cref="ImageModel.Initialize"/> or <see cref="ImageModel.Import"/>.
    /// </summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="settings">The largest batch.</param>
    /// <param name="shape">Shape of the images; the side is a multiple of 4.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the side is no multiple of 4.</exception>
    public ClassifierModel(Backend<float> backend, TrainingSettings settings, ImageShape shape, int classes)
        : base(backend, settings, shape)
    {
        Classes = classes;
        int side = shape.Side;
        int half = side / 2;
        int quarter = side / 4;
        int features = quarter * quarter * InnerChannels;
        var conv1 = new Conv2d(
            Context, "conv1", new Conv2dShape(0, side, side, shape.Channels, OuterChannels, 3, 3, stride: 1, padding: 1),
            needsInputGradient: false);
        var conv2 = new Conv2d(Context, "conv2", new Conv2dShape(0, side, side, OuterChannels, InnerChannels, 3, 3, stride: 2, padding: 1));
        var conv3 = new Conv2d(Context, "conv3", new Conv2dShape(0, half, half, InnerChannels, InnerChannels, 3, 3, stride: 2, padding: 1));
        var linear = new Linear(
            Context,
            Linear.Declare(
                Context, "features.weight", ParameterLayout.LinearAfterFlatten(quarter, quarter, InnerChannels, Features), features),
            Linear.Declare(Context, "features.bias", ParameterLayout.Same(Features), features),
            new LinearShape(1, features, Features));
        _features = new Sequence(
            conv1, Relu(Context), conv2, Relu(Context), conv3, Relu(Context), linear, Relu(Context));
        _scores = new Linear(Context, "scores", new LinearShape(1, Features, classes));
        Parameters.Allocate(Memory);
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <inheritdoc/>
    public override int CodeLength => Features;

    /// <summary>Computes the features of images, (N, S·S·C) to (N, 128), none negative; they stay valid until the next call.</summary>
    public override DeviceView<float> Encode(DeviceView<float> images, int batch) => _features.Forward(images, batch);

    /// <summary>Computes the logits of the classes, (N, 128) to (N, classes); they stay valid until the next call.</summary>
    public DeviceView<float> Score(DeviceView<float> features, int batch) => _scores.Forward(features, batch);

    /// <inheritdoc/>
    public override ModelOutput Forward(DeviceView<float> images, int batch)
    {
        DeviceView<float> features = Encode(images, batch);
        return new ModelOutput(features) { Logits = Score(features, batch) };
    }

    /// <summary>Runs the backward pass: adds to the gradients of all parameters. May overwrite <paramref name="dScores"/>.</summary>
    /// <param name="dScores">Gradient of the loss w.r.t. the logits of the last <see cref="Score"/>, (batch, classes).</param>
    /// <param name="batch">Images of the last <see cref="Score"/>.</param>
    public void Backward(DeviceView<float> dScores, int batch) => _features.Backward(_scores.Backward(dScores, batch), batch);

    /// <inheritdoc/>
    public override TrainingLoss CreateLoss(DeviceMemory memory) => new ClassifierLoss(this, memory);
}
