using GenSomAttn.Backends;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Inception;

/// <summary>Sizes of one image between two layers, (H, W, C).</summary>
internal readonly record struct FeatureMap(int Height, int Width, int Channels)
{
    /// <summary>Elements.</summary>
    public int Length => Height * Width * Channels;
}

/// <summary>A layer with its sizes and weights, for inference alone.</summary>
/// <param name="output">Sizes of the output.</param>
internal abstract class InceptionPart(FeatureMap output)
{
    /// <summary>Sizes of the output.</summary>
    public FeatureMap Output { get; } = output;

    /// <summary>Floats of scratch memory for each image.</summary>
    public virtual int Scratch => 0;

    /// <summary>Computes the output of some images.</summary>
    /// <param name="backend">Backend that runs the operations.</param>
    /// <param name="batch">Number of images.</param>
    /// <param name="input">(batch, H, W, C).</param>
    /// <param name="scratch">(batch · <see cref="Scratch"/>) or more, overwritten.</param>
    /// <param name="output">(batch, <see cref="Output"/>).</param>
    public abstract void Run(
        Backend<float> backend, int batch, DeviceView<float> input, DeviceView<float> scratch, DeviceView<float> output);
}

/// <summary>Convolution, into which the batch normalization is folded, and ReLU.</summary>
/// <param name="shape">Sizes; its batch is not used.</param>
/// <param name="weight">(KH, KW, IC, OC).</param>
/// <param name="bias">(OC).</param>
internal sealed class ConvPart(Conv2dShape shape, DeviceView<float> weight, DeviceView<float> bias)
    : InceptionPart(new FeatureMap(shape.OutHeight, shape.OutWidth, shape.OutChannels))
{
    /// <inheritdoc/>
    public override void Run(
        Backend<float> backend, int batch, DeviceView<float> input, DeviceView<float> scratch, DeviceView<float> output)
    {
        backend.Conv2dForward(input, weight, bias, shape with { Batch = batch }, output);
        backend.ActivationForward(Activation.Relu, output, output);
    }
}

/// <summary>Pooling.</summary>
/// <param name="shape">Sizes; its batch is not used.</param>
/// <param name="pooling">The largest value or the mean.</param>
internal sealed class PoolPart(Pool2dShape shape, Pooling pooling)
    : InceptionPart(new FeatureMap(shape.OutHeight, shape.OutWidth, shape.Channels))
{
    /// <inheritdoc/>
    public override void Run(
        Backend<float> backend, int batch, DeviceView<float> input, DeviceView<float> scratch, DeviceView<float> output) =>
        backend.Pool2dForward(input, shape with { Batch = batch }, pooling, output);
}

/// <summary>Layers one after another. Two buffers hold their outputs by turns.</summary>
/// <param name="parts">The layers, at least one.</param>
internal sealed class ChainPart(IReadOnlyList<InceptionPart> parts) : InceptionPart(parts[^1].Output)
{
    private readonly int _between = parts.SkipLast(1).Select(part => part.Output.Length).DefaultIfEmpty(0).Max();

    /// <inheritdoc/>
    public override int Scratch => (2 * _between) + parts.Max(part => part.Scratch);

    /// <inheritdoc/>
    public override void Run(
        Backend<float> backend, int batch, DeviceView<float> input, DeviceView<float> scratch, DeviceView<float> output)
    {
        int between = batch * _between;
        DeviceView<float> rest = scratch.Slice(2 * between, scratch.Length - (2 * between));
        for (int i = 0; i < parts.Count; i++)
        {
            DeviceView<float> next = i == parts.Count - 1
                ? output
                : scratch.Slice(i % 2 * between, batch * parts[i].Output.Length);
            parts[i].Run(backend, batch, input, rest, next);
            input = next;
        }
    }
}

/// <summary>Branches whose outputs are concatenated channel by channel.</summary>
/// <param name="branches">The branches, with outputs of the same height and width.</param>
internal sealed class BranchesPart(IReadOnlyList<InceptionPart> branches)
    : InceptionPart(branches[0].Output with { Channels = branches.Sum(branch => branch.Output.Channels) })
{
    private readonly int _largest = branches.Max(branch => branch.Output.Length);

    /// <inheritdoc/>
    public override int Scratch => _largest + branches.Max(branch => branch.Scratch);

    /// <inheritdoc/>
    public override void Run(
        Backend<float> backend, int batch, DeviceView<float> input, DeviceView<float> scratch, DeviceView<float> output)
    {
        DeviceView<float> rest = scratch.Slice(batch * _largest, scratch.Length - (batch * _largest));
        int pixels = batch * Output.Height * Output.Width;
        int first = 0;
        foreach (InceptionPart branch in branches)
        {
            DeviceView<float> part = scratch.First(batch * branch.Output.Length);
            branch.Run(backend, batch, input, rest, part);
            backend.CopyIntoColumns(part, new ColumnsShape(pixels, branch.Output.Channels, first, Output.Channels), output);
            first += branch.Output.Channels;
        }
    }
}
