using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Inception;

/// <summary>Builds layers from their plan: finds their sizes, and copies their weights to the device.</summary>
/// <param name="memory">Owner of the buffers on the device.</param>
/// <param name="tensors">The tensors of the weights.</param>
internal sealed class InceptionBuilder(DeviceMemory memory, InceptionTensors tensors)
{
    /// <summary>Added to a variance before its root is taken.</summary>
    private const double Epsilon = 1e-3;

    /// <summary>Builds a layer.</summary>
    /// <param name="plan">The layer.</param>
    /// <param name="input">Sizes of its input.</param>
    public InceptionPart Build(InceptionPlan plan, FeatureMap input) => plan switch
    {
        ConvPlan conv => Build(conv, input),
        PoolPlan pool => new PoolPart(
            new Pool2dShape(0, input.Height, input.Width, input.Channels, pool.Kernel, pool.Stride, pool.Padding), pool.Kind),
        BranchesPlan branches => new BranchesPart([.. branches.Branches.Select(branch => Build(branch, input))]),
        _ => throw new ArgumentOutOfRangeException(nameof(plan), plan, "No such layer."),
    };

    /// <summary>Builds layers that follow each other.</summary>
    /// <param name="plans">The layers.</param>
    /// <param name="input">Sizes of the first one's input.</param>
    public InceptionPart Build(IReadOnlyList<InceptionPlan> plans, FeatureMap input)
    {
        List<InceptionPart> parts = [];
        foreach (InceptionPlan plan in plans)
        {
            InceptionPart part = Build(plan, input);
            parts.Add(part);
            input = part.Output;
        }

        return new ChainPart(parts);
    }

    /// <summary>Copies floats to the device.</summary>
    public DeviceView<float> OnDevice(float[] values)
    {
        DeviceView<float> view = memory.Take<float>(values.Length);
        view.CopyFrom(values);
        return view;
    }

    /// <summary>
    /// Builds a convolution. Batch normalization with fixed statistics, γ (x - mean) / √(variance + ε) + β, is a factor for each output
    /// channel of the weight, and a bias.
    /// </summary>
    private ConvPart Build(ConvPlan plan, FeatureMap input)
    {
        var shape = new Conv2dShape(
            0, input.Height, input.Width, input.Channels, plan.OutChannels, plan.KernelHeight, plan.KernelWidth, plan.Stride,
            plan.PaddingHeight, plan.PaddingWidth);
        var layout = ParameterLayout.Conv2d(shape);
        int channels = plan.OutChannels;
        float[] weight = layout.FromTorch(tensors.Take($"{plan.Name}.conv.weight", layout.TorchShape));
        float[] gamma = tensors.Take($"{plan.Name}.bn.weight", [channels]);
        float[] beta = tensors.Take($"{plan.Name}.bn.bias", [channels]);
        float[] mean = tensors.Take($"{plan.Name}.bn.running_mean", [channels]);
        float[] variance = tensors.TakeVariances($"{plan.Name}.bn.running_var", channels);
        double[] factors = [.. gamma.Zip(variance, (scale, square) => scale / Math.Sqrt(square + Epsilon))];
        for (int i = 0; i < weight.Length; i++)
        {
            weight[i] = (float)(weight[i] * factors[i % channels]);
        }

        float[] bias = [.. factors.Select((factor, channel) => (float)(beta[channel] - (factor * mean[channel])))];
        return new ConvPart(shape, OnDevice(weight), OnDevice(bias));
    }
}
