using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Softmax of rows.</summary>
public sealed class SoftmaxTests
{
    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
        new SoftmaxCase(new RowsShape(33, 10)),
        new SoftmaxCase(new RowsShape(1, 2)),
        new SoftmaxCase(new RowsShape(5, 33)),
        new SoftmaxCase(new RowsShape(2, 1025)),
        new SoftmaxCase(new RowsShape(67, 7)));

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SoftmaxForward_AnyRow_SumsToOne(string accelerator)
    {
        RowsShape shape = new(7, 65);
        float[] output = Forward(accelerator, shape, [.. Draw.Normal(shape.TotalLength, 1).Select(number => 20 * number)]);

        Assert.That(output, Is.All.InRange(0f, 1f));
        for (int row = 0; row < shape.Rows; row++)
        {
            Assert.That(Compare.Widened(output.AsSpan(row * shape.Length, shape.Length)).Sum(), Is.EqualTo(1).Within(2e-6));
        }
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SoftmaxForward_LargeInputs_StaysFinite(string accelerator)
    {
        float[] output = Forward(accelerator, new RowsShape(3, 3), [1000, 0, -1000, -1000, -1000, -1000, 3e38f, 3e38f, -3e38f]);

        Compare.Close("output", output, [1, 0, 0, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0.5, 0.5, 0], Tolerance.Elementwise);
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SoftmaxForward_RowShifted_IsTheSame(string accelerator)
    {
        // Multiples of 1/8 below 1024 stay exact when 64 is added.
        RowsShape shape = new(1, 33);
        float[] input = [.. Draw.Indices(shape.Length, 64, 1).Select(number => number / 8f)];

        float[] shifted = Forward(accelerator, shape, [.. input.Select(number => number + 64)]);

        Compare.SameBits("output", shifted, Forward(accelerator, shape, input));
    }

    private static float[] Forward(string accelerator, RowsShape shape, float[] input)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> output = scratch.Zeros<float>(shape.TotalLength);
        backend.SoftmaxForward(scratch.Of<float>(input), shape, output);
        return output.ToArray();
    }
}
