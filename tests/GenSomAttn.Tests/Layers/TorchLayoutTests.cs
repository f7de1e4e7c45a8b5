using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Formats;
using GenSomAttn.Kernels;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Layers;

/// <summary>
/// The model with weights in PyTorch's layouts against plain NCHW loops: convolution, attention, flatten, linear, unflatten and
/// transposed convolution agree about the order of channels, pixels and tokens.
/// </summary>
public sealed class TorchLayoutTests
{
    private const int InnerSide = 3;
    private const int Latent = 8;
    private const int Batch = 2;
    private static readonly TrainingSettings Settings = new()
    {
        Latent = Latent,
        Attention = AttentionKind.None,
        MapHeight = 2,
        MapWidth = 3,
        BatchSize = Batch,
    };

    /// <summary>Each attention on gray images with two stages, some on color images and with three.</summary>
    private static IEnumerable<TestCaseData> ModelsOnAllBackends =>
    [
        .. Enum.GetValues<AttentionKind>().SelectMany(attention => AllBackends.With(attention, 1, 2)),
        .. AllBackends.With(AttentionKind.None, 3, 2),
        .. AllBackends.With(AttentionKind.Spatial, 1, 3),
        .. AllBackends.With(AttentionKind.Pool, 3, 3),
    ];

    private static readonly Tolerance Tolerance = new(2e-5, 2e-5, "float sums of up to 1,000 terms of size 1/√1000");

    [TestCaseSource(nameof(ModelsOnAllBackends))]
    public void Encode_WeightsOfPyTorch_MatchesLoopsOverNchw(AttentionKind kind, int channels, int stages, string accelerator)
    {
        int side = InnerSide << stages;
        using Backend<float> backend = AllBackends.Create(accelerator);
        using SomAttnModel model = new(backend, Settings with { Attention = kind, Stages = stages }, new(side, channels));
        Dictionary<string, NamedTensor> weights = Randomize(model);
        float[] images = Numbers(Batch * model.Shape.Length, 900);

        double[] inner = Compare.Widened(ToNchw(images, model.Shape));
        for (int stage = 1; stage <= stages; stage++)
        {
            inner = Relu(Conv(inner, weights, $"encoder.conv{stage}", side >> (stage - 1)));
        }

        TorchAttention attention = new(weights, Batch);
        double[] expected = kind switch
        {
            AttentionKind.Latent => attention.Latent(Linear(inner, weights, "encoder.linear")),
            AttentionKind.Spatial => Linear(attention.Spatial(inner), weights, "encoder.linear"),
            AttentionKind.Pool => attention.Pool(inner),
            _ => Linear(inner, weights, "encoder.linear"),
        };

        using DeviceBuffer<float> input = backend.Allocate<float>(images.Length);
        input.CopyFrom(images);
        Compare.Close("codes", model.Encode(input.View, Batch), expected, Tolerance);
        Assert.That(model.AttentionProbs is null, Is.EqualTo(kind == AttentionKind.None));
        if (model.AttentionProbs is { } probs)
        {
            Compare.Close("probs", probs.Values, [.. attention.Probs], Tolerance);
        }
    }

    [TestCaseSource(nameof(ModelsOnAllBackends))]
    public void Decode_WeightsOfPyTorch_MatchesLoopsOverNchw(AttentionKind kind, int channels, int stages, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using SomAttnModel model = new(
            backend, Settings with { Attention = kind, Stages = stages }, new(InnerSide << stages, channels));
        Dictionary<string, NamedTensor> weights = Randomize(model);
        float[] codes = Numbers(Batch * Latent, 901);

        double[] images = Linear(Compare.Widened(codes), weights, "decoder.linear");
        for (int stage = 1; stage <= stages; stage++)
        {
            images = ConvTranspose(Relu(images), weights, $"decoder.conv_transpose{stage}", InnerSide << (stage - 1));
        }

        double[] expected = [.. ToNhwc(images, model.Shape).Select(number => 1 / (1 + Math.Exp(-number)))];

        using DeviceBuffer<float> input = backend.Allocate<float>(codes.Length);
        input.CopyFrom(codes);
        Compare.Close("images", model.Decode(input.View, Batch), expected, Tolerance);
    }

    [Test]
    public void Export_DefaultModel_HasTheNamesAndShapesOfPyTorch()
    {
        using Backend<float> backend = AllBackends.Create("reference");
        using SomAttnModel model = new(backend, new TrainingSettings { BatchSize = 1 }, new(28, 1));

        string[] lines = [.. model.Export().Select(tensor => $"{tensor.Name} {string.Join('x', tensor.Shape)}")];

        string[] weights =
        [
            "encoder.conv1.weight 32x1x3x3", "encoder.conv1.bias 32", "encoder.conv2.weight 64x32x3x3", "encoder.conv2.bias 64",
            "encoder.linear.weight 32x3136", "encoder.linear.bias 32",
            "attention.embed.weight 32x4", "attention.embed.bias 32", "attention.position 8x32",
            "attention.norm.weight 32", "attention.norm.bias 32", "attention.in_proj_weight 96x32",
            "attention.out_proj.weight 32x32", "attention.out_proj.bias 32", "attention.project.weight 4x32", "attention.project.bias 4",
            "decoder.linear.weight 3136x32", "decoder.linear.bias 3136",
            "decoder.conv_transpose1.weight 64x32x4x4", "decoder.conv_transpose1.bias 32",
            "decoder.conv_transpose2.weight 32x1x4x4", "decoder.conv_transpose2.bias 1",
            "som.codebook 12x12x32",
        ];
        Assert.That(lines[..weights.Length], Is.EqualTo(weights));
        Assert.That(lines[weights.Length..], Has.Length.EqualTo(2 * (weights.Length - 1)));
        Assert.That(lines, Does.Contain("optimizer.exp_avg.encoder.conv1.weight 32x1x3x3"));
        Assert.That(lines, Does.Contain("optimizer.exp_avg_sq.decoder.linear.weight 3136x32"));

        // The libtorch model of the same description has 260,741 parameters without biases on query, key and value.
        Assert.That(model.Parameters.ElementCount, Is.EqualTo(260_741));
    }

    [Test]
    public void Export_AttentionOverPositions_HasItsParametersAndNoOthers()
    {
        string[] shared =
        [
            "attention.norm.weight 64", "attention.norm.bias 64", "attention.in_proj_weight 192x64",
            "attention.out_proj.weight 64x64", "attention.out_proj.bias 64",
        ];
        string[] linear = ["encoder.linear.weight 32x3136", "encoder.linear.bias 32"];
        string[] project = ["attention.project.weight 4x64", "attention.project.bias 4"];

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Parameters(AttentionKind.None), Is.EqualTo(linear));
            Assert.That(Parameters(AttentionKind.Spatial), Is.EqualTo(["attention.position 49x64", .. shared, .. linear]));
            Assert.That(
                Parameters(AttentionKind.Pool), Is.EqualTo(["attention.queries 8x64", "attention.position 49x64", .. shared, .. project]));
        }
    }

    [TestCase(AttentionKind.None, 256_001)]
    [TestCase(AttentionKind.Spatial, 256_001 + (49 * 64) + (2 * 64) + (64 * 192) + (64 * 64) + 64)]
    [TestCase(AttentionKind.Pool, 256_001 - (3136 * 32) - 32 + (57 * 64) + (2 * 64) + (64 * 192) + (64 * 64) + 64 + (64 * 4) + 4)]
    public void ElementCount_OfEachAttention_IsThatOfItsParts(AttentionKind attention, int expected)
    {
        using Backend<float> backend = AllBackends.Create("reference");
        using SomAttnModel model = new(backend, new TrainingSettings { BatchSize = 1, Attention = attention }, new(28, 1));

        Assert.That(model.Parameters.ElementCount, Is.EqualTo(expected));
    }

    /// <summary>Returns names and shapes of the parameters between the encoder's convolutions and the decoder.</summary>
    private static string[] Parameters(AttentionKind attention)
    {
        using Backend<float> backend = AllBackends.Create("reference");
        using SomAttnModel model = new(backend, new TrainingSettings { BatchSize = 1, Attention = attention }, new(28, 1));
        return
        [
            .. model.Export().Where(tensor => tensor.Name.StartsWith("attention.", StringComparison.Ordinal)
                    || tensor.Name.StartsWith("encoder.linear.", StringComparison.Ordinal))
                .Select(tensor => $"{tensor.Name} {string.Join('x', tensor.Shape)}"),
        ];
    }

    /// <summary>Fills every tensor with random numbers that keep activations near 1; returns them in PyTorch's layouts.</summary>
    private static Dictionary<string, NamedTensor> Randomize(SomAttnModel model)
    {
        NamedTensor[] random = [.. model.Export().Select((tensor, index) => tensor with { Values = RandomLike(tensor, (uint)index) })];
        model.Import(random);
        return random.ToDictionary(tensor => tensor.Name);
    }

    private static float[] RandomLike(NamedTensor tensor, uint stream)
    {
        float scale = 1 / MathF.Sqrt(tensor.Shape.Skip(1).Aggregate(1, (product, dimension) => product * dimension));
        return [.. Numbers(tensor.Values.Length, stream).Select(number => scale * number)];
    }

    private static float[] Numbers(int length, uint stream)
    {
        RandomKey key = new(5, RandomPurpose.Check, stream);
        return [.. Enumerable.Range(0, length).Select(i => Philox.Normal(key, (uint)i))];
    }

    /// <summary>(N, S, S, C) to (N, C, S, S).</summary>
    private static float[] ToNchw(float[] images, ImageShape shape) =>
        [.. images.Chunk(shape.Length).SelectMany(image => Transposed(image, shape.Channels))];

    /// <summary>(N, C, S, S) to (N, S, S, C).</summary>
    private static double[] ToNhwc(double[] images, ImageShape shape) =>
        [.. images.Chunk(shape.Length).SelectMany(image => Transposed(image, shape.Side * shape.Side))];

    private static T[] Transposed<T>(T[] matrix, int columns)
    {
        int rows = matrix.Length / columns;
        return [.. Enumerable.Range(0, matrix.Length).Select(i => matrix[(i % rows * columns) + (i / rows)])];
    }

    private static double[] Relu(double[] input) => [.. input.Select(number => Math.Max(number, 0))];

    private static double[] Linear(double[] input, Dictionary<string, NamedTensor> weights, string name)
    {
        NamedTensor weight = weights[$"{name}.weight"];
        (int outputs, int inputs) = (weight.Shape[0], weight.Shape[1]);
        double[] output = new double[Batch * outputs];
        for (int i = 0; i < output.Length; i++)
        {
            (int n, int o) = (i / outputs, i % outputs);
            output[i] = weights[$"{name}.bias"].Values[o]
                + Enumerable.Range(0, inputs).Sum(f => input[(n * inputs) + f] * weight.Values[(o * inputs) + f]);
        }

        return output;
    }

    /// <summary>Convolution with stride 2, padding 1, kernel 3.</summary>
    private static double[] Conv(double[] input, Dictionary<string, NamedTensor> weights, string name, int side)
    {
        const int Kernel = 3;
        float[] weight = weights[$"{name}.weight"].Values;
        (int outChannels, int inChannels) = (weights[$"{name}.weight"].Shape[0], weights[$"{name}.weight"].Shape[1]);
        int outSide = side / 2;
        double[] output = new double[Batch * outChannels * outSide * outSide];
        for (int i = 0; i < output.Length; i++)
        {
            (int n, int oc, int y, int x) = Nchw(i, outChannels, outSide);
            output[i] = weights[$"{name}.bias"].Values[oc];
            for (int tap = 0; tap < inChannels * Kernel * Kernel; tap++)
            {
                (int ic, int ky, int kx) = (tap / (Kernel * Kernel), tap / Kernel % Kernel, tap % Kernel);
                (int inY, int inX) = ((2 * y) + ky - 1, (2 * x) + kx - 1);
                if (inY >= 0 && inY < side && inX >= 0 && inX < side)
                {
                    output[i] += input[(((((n * inChannels) + ic) * side) + inY) * side) + inX]
                        * weight[(oc * inChannels * Kernel * Kernel) + tap];
                }
            }
        }

        return output;
    }

    /// <summary>Transposed convolution with stride 2, padding 1, kernel 4: doubles the side.</summary>
    private static double[] ConvTranspose(double[] input, Dictionary<string, NamedTensor> weights, string name, int side)
    {
        const int Kernel = 4;
        float[] weight = weights[$"{name}.weight"].Values;
        (int inChannels, int outChannels) = (weights[$"{name}.weight"].Shape[0], weights[$"{name}.weight"].Shape[1]);
        int outSide = 2 * side;
        double[] output = new double[Batch * outChannels * outSide * outSide];
        for (int i = 0; i < output.Length; i++)
        {
            output[i] = weights[$"{name}.bias"].Values[Nchw(i, outChannels, outSide).Channel];
        }

        for (int i = 0; i < input.Length; i++)
        {
            (int n, int ic, int y, int x) = Nchw(i, inChannels, side);
            for (int tap = 0; tap < outChannels * Kernel * Kernel; tap++)
            {
                (int oc, int ky, int kx) = (tap / (Kernel * Kernel), tap / Kernel % Kernel, tap % Kernel);
                (int outY, int outX) = ((2 * y) + ky - 1, (2 * x) + kx - 1);
                if (outY >= 0 && outY < outSide && outX >= 0 && outX < outSide)
                {
                    output[(((((n * outChannels) + oc) * outSide) + outY) * outSide) + outX]
                        += input[i] * weight[(ic * outChannels * Kernel * Kernel) + tap];
                }
            }
        }

        return output;
    }

    private static (int N, int Channel, int Y, int X) Nchw(int index, int channels, int side) =>
        (index / (channels * side * side), index / (side * side) % channels, index / side % side, index % side);
}
