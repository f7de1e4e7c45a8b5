using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Multi-head self-attention between its projections.</summary>
public sealed class AttentionTests
{
    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
        new AttentionCase(new AttentionShape(64, 8, 32, 4)),
        new AttentionCase(new AttentionShape(1, 49, 64, 4)),
        new AttentionCase(new AttentionShape(3, 33, 5, 1)),
        new AttentionCase(new AttentionShape(2, 5, 21, 7)),
        new AttentionCase(new AttentionShape(1, 1, 3, 3)),
        new AttentionCase(new AttentionShape(2, 16, 34, 2)),
        new AttentionCase(new AttentionShape(2, 17, 30, 2)));

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void AttentionForward_EqualKeys_AveragesTheValues(string accelerator)
    {
        AttentionShape shape = new(1, 3, 2, 1);
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> queryKeyValue = scratch.Of<float>([9, -4, 1, 2, 3, 10, -7, 5, 1, 2, 6, 20, 0, 1, 1, 2, 9, 60]);
        DeviceView<float> probs = scratch.Zeros<float>(shape.ProbsLength);
        DeviceView<float> context = scratch.Zeros<float>(shape.ContextLength);

        backend.AttentionForward(queryKeyValue, shape, probs, context);

        double third = 1.0 / 3;
        Compare.Close("probs", probs, [third, third, third, third, third, third, third, third, third], Tolerance.Elementwise);
        Compare.Close("context", context, [6, 30, 6, 30, 6, 30], Tolerance.Elementwise);
    }
}
