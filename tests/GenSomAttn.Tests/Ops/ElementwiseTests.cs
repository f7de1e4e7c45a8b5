using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Sums, biases and fills.</summary>
public sealed class ElementwiseTests
{
    private static IEnumerable<TestCaseData> BiasCases => AllBackends.Each<GradientCase>(
        new BiasCase(new RowsShape(1, 1)),
        new BiasCase(new RowsShape(33, 3)),
        new BiasCase(new RowsShape(6272, 32)),
        new BiasCase(new RowsShape(25_088, 1)),
        new BiasCase(new RowsShape(2, 1025)));

    private static IEnumerable<TestCaseData> Lengths => AllBackends.Each(1, 33, 1025, 100_003);

    [TestCaseSource(nameof(BiasCases))]
    public void BiasForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(BiasCases))]
    public void BiasForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);

    [TestCaseSource(nameof(Lengths))]
    public void Add_AnyLength_IsTheRoundedSumInPlaceToo(int length, string accelerator)
    {
        float[] left = Draw.Normal(length, 1);
        float[] right = Draw.Normal(length, 2);
        float[] expected = [.. left.Zip(right, (a, b) => a + b)];
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> leftView = scratch.Of<float>(left);
        DeviceView<float> rightView = scratch.Of<float>(right);
        DeviceView<float> sum = scratch.Zeros<float>(length);

        backend.Add(leftView, rightView, sum);
        backend.Add(leftView, rightView, leftView);

        Compare.SameBits("sum", sum.ToArray(), expected);
        Compare.SameBits("sum over left", leftView.ToArray(), expected);
    }

    [TestCaseSource(nameof(Lengths))]
    public void Fill_PartOfABuffer_LeavesItsNeighbors(int length, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using DeviceBuffer<float> buffer = backend.Allocate<float>(length + 2);

        backend.Fill(-2.5f, buffer.View.Slice(1, length));

        float[] elements = buffer.View.ToArray();
        Assert.That(elements[1..^1], Is.All.EqualTo(-2.5f));
        Assert.That((elements[0], elements[^1]), Is.EqualTo((0f, 0f)));
    }
}
