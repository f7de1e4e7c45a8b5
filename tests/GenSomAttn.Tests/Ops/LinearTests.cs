using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Linear layers, at the sizes of the model and at awkward ones.</summary>
public sealed class LinearTests
{
    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
        new LinearCase(new LinearShape(1, 3136, 32)),
        new LinearCase(new LinearShape(32, 32, 3136)),
        new LinearCase(new LinearShape(512, 4, 32)),
        new LinearCase(new LinearShape(5, 33, 65), bias: false),
        new LinearCase(new LinearShape(1, 1, 1)),
        new LinearCase(new LinearShape(3, 1025, 3)),
        new LinearCase(new LinearShape(65, 3, 1)),
        new LinearCase(new LinearShape(1, 32, 3136)),
        new LinearCase(new LinearShape(2, 4100, 17), bias: false),
        new LinearCase(new LinearShape(4, 70, 515)),
        new LinearCase(new LinearShape(9, 17, 15)),
        new LinearCase(new LinearShape(16, 33, 16)),
        new LinearCase(new LinearShape(17, 16, 17)),
        new LinearCase(new LinearShape(8, 5, 48)),
        new LinearCase(new LinearShape(270, 15, 8)),

        // Enough tiles of each product for the largest ones, none of them full.
        new LinearCase(new LinearShape(530, 521, 515)));

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);
}
