using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Formats;
using GenSomAttn.Model.Inception;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Inception;

/// <summary>
/// Every block of the Inception network against libtorch's, on weights, images and outputs that <c>tools/inception-peer.sh</c> writes.
/// </summary>
public sealed class InceptionPeerTests
{
    /// <summary>Largest error of a block relative to its largest value; the errors of the blocks before it are in it.</summary>
    private const double Tolerance = 1e-4;

    private static readonly string[] Names =
    [
        "Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "pool1", "Conv2d_3b_1x1", "Conv2d_4a_3x3", "pool2", "Mixed_5b", "Mixed_5c",
        "Mixed_5d", "Mixed_6a", "Mixed_6b", "Mixed_6c", "Mixed_6d", "Mixed_6e", "Mixed_7a", "Mixed_7b", "Mixed_7c", "features",
    ];

    [Test]
    public void Run_EveryBlock_MatchesLibtorch()
    {
        if (Environment.GetEnvironmentVariable("GENSOM_INCEPTION_PEER") is not { Length: > 0 } folder)
        {
            Assert.Ignore("tools/inception-peer.sh runs this test.");
            return;
        }

        var weights = InceptionTensors.Read(Path.Combine(folder, "weights.safetensors"));
        var outputs = SafetensorsFile.Read(Path.Combine(folder, "outputs.safetensors"));
        SafetensorsTensor images = outputs.Tensors["images"];
        int batch = images.Shape[0];
        using Backend<float> backend = AllBackends.Create("cpu");
        using var memory = new DeviceMemory(backend);
        var builder = new InceptionBuilder(memory, weights);
        var size = new FeatureMap(InceptionPlan.Side, InceptionPlan.Side, InceptionPlan.Channels);
        DeviceView<float> values = builder.OnDevice(ToChannelsLast(images));
        Assert.Multiple(() =>
        {
            foreach ((InceptionPlan plan, string name) in InceptionPlan.Network.Zip(Names))
            {
                InceptionPart part = builder.Build(plan, size);
                DeviceView<float> output = memory.Take<float>(batch * part.Output.Length);
                part.Run(backend, batch, values, memory.Take<float>(Math.Max(1, batch * part.Scratch)), output);
                (values, size) = (output, part.Output);
                double worst = WorstDifference(output.ToArray(), ToChannelsLast(outputs.Tensors[name]));
                TestContext.Out.WriteLine($"{name,-14} {worst:e1}");
                Assert.That(worst, Is.LessThan(Tolerance), name);
            }
        });
    }

    private static double WorstDifference(float[] got, float[] expected)
    {
        Assert.That(got, Has.Length.EqualTo(expected.Length));
        return got.Zip(expected, (g, e) => Math.Abs((double)g - e)).Max() / expected.Max(Math.Abs);
    }

    /// <summary>Converts (N, C, H, W) to (N, H, W, C).</summary>
    private static float[] ToChannelsLast(SafetensorsTensor tensor)
    {
        (int batch, int channels, int height, int width) = (tensor.Shape[0], tensor.Shape[1], tensor.Shape[2], tensor.Shape[3]);
        float[] values = new float[tensor.Floats.Length];
        int pixels = height * width;
        for (int i = 0; i < values.Length; i++)
        {
            (int n, int rest) = Math.DivRem(i, channels * pixels);
            (int c, int pixel) = Math.DivRem(rest, pixels);
            values[(((n * pixels) + pixel) * channels) + c] = tensor.Floats[i];
        }

        Assert.That(values, Has.Length.EqualTo(batch * channels * pixels));
        return values;
    }
}
