using System.Numerics;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Layer normalization.</summary>
public sealed class LayerNormTests
{
    private const float Epsilon = 1e-5f;

    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
        new LayerNormCase(new RowsShape(512, 32)),
        new LayerNormCase(new RowsShape(1, 2)),
        new LayerNormCase(new RowsShape(33, 3)),
        new LayerNormCase(new RowsShape(2, 1025)),
        new LayerNormCase(new RowsShape(65, 17)));

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void LayerNormForward_UnitWeight_RowsHaveMeanZeroAndVarianceOne(string accelerator)
    {
        RowsShape shape = new(5, 65);
        float[] input = Draw.Normal(shape.TotalLength, 1);
        float[] output = Forward(accelerator, shape, [.. input.Select(number => (3 * number) + 7)]);

        for (int row = 0; row < shape.Rows; row++)
        {
            double[] outputRow = Compare.Widened(output.AsSpan(row * shape.Length, shape.Length));
            double mean = outputRow.Average();
            Assert.That(mean, Is.Zero.Within(1e-6));
            Assert.That(outputRow.Average(number => (number - mean) * (number - mean)), Is.EqualTo(1).Within(1e-5), "ε is 1e-5 / 9 of it");
        }
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void LayerNormForward_RowFarFromZero_KeepsItsVariance(string accelerator)
    {
        // In float, mean of squares minus square of the mean would cancel a variance of 1 beside a mean of 1e6.
        RowsShape shape = new(1, 1025);
        float[] input = [.. Draw.Normal(shape.Length, 1).Select(number => 1000 + number)];
        using ReferenceBackend<double> reference = new();
        using ScratchBuffers<double> wide = new(reference);
        DeviceView<double> expected = wide.Zeros<double>(shape.Length);
        reference.LayerNormForward(
            wide.Of<double>(Compare.Widened(input)), wide.Of<double>(Ones<double>(shape.Length)), wide.Zeros<double>(shape.Length), shape,
            Epsilon, expected, wide.Zeros<double>(1), wide.Zeros<double>(1));

        float[] output = Forward(accelerator, shape, input);

        Tolerance tolerance = new(5e-3, 0, "the mean of a thousand floats near 1000 is wrong by 1e-3");
        Compare.Close("output", output, expected.ToArray(), tolerance);
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void LayerNormForward_ConstantRow_IsZero(string accelerator)
        => Assert.That(Forward(accelerator, new RowsShape(1, 32), [.. Enumerable.Repeat(3f, 32)]), Is.All.Zero);

    private static float[] Forward(string accelerator, RowsShape shape, float[] input)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> output = scratch.Zeros<float>(shape.TotalLength);
        backend.LayerNormForward(
            scratch.Of<float>(input), scratch.Of<float>(Ones<float>(shape.Length)), scratch.Zeros<float>(shape.Length), shape, Epsilon,
            output, scratch.Zeros<float>(shape.Rows), scratch.Zeros<float>(shape.Rows));
        return output.ToArray();
    }

    private static T[] Ones<T>(int length)
        where T : INumber<T> => [.. Enumerable.Repeat(T.One, length)];
}
