using CsCheck;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Transposed convolution, at the sizes of the model and at awkward ones.</summary>
public sealed class ConvTranspose2dTests
{
    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
        new ConvTranspose2dCase(new ConvTranspose2dShape(5, 7, 7, 64, 32, 4, 4, 2, 1, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(1, 14, 14, 32, 1, 4, 4, 2, 1, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(32, 14, 14, 32, 1, 4, 4, 2, 1, 0)),

        // Color, also with odd sides and on the simulator, and the first two of four stages.
        new ConvTranspose2dCase(new ConvTranspose2dShape(5, 16, 16, 32, 3, 4, 4, 2, 1, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(1, 3, 5, 32, 3, 4, 4, 2, 1, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(1, 2, 2, 128, 128, 4, 4, 2, 1, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(3, 5, 5, 128, 64, 4, 4, 2, 1, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(1, 5, 3, 3, 33, 5, 3, 1, 2, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(2, 3, 4, 33, 3, 3, 4, 3, 0, 2)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(3, 6, 5, 65, 1, 1, 1, 1, 0, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(1, 4, 5, 2, 65, 7, 7, 2, 3, 1)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(1, 1, 1, 1, 1, 1, 1, 1, 0, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(17, 3, 1, 17, 2, 2, 7, 1, 0, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(2, 17, 2, 16, 1, 5, 6, 2, 1, 1)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(2, 3, 3, 3, 4, 2, 1, 3, 0, 1)),

        // Kernels of more than one and at most two strides: even and odd sides, one pixel, output padding.
        new ConvTranspose2dCase(new ConvTranspose2dShape(9, 8, 5, 17, 8, 4, 3, 2, 1, 1)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(3, 2, 7, 9, 33, 3, 4, 2, 0, 0)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(2, 4, 3, 32, 16, 5, 6, 3, 2, 2)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(17, 1, 1, 8, 9, 4, 4, 2, 0, 1)),
        new ConvTranspose2dCase(new ConvTranspose2dShape(2, 6, 7, 12, 10, 2, 2, 1, 1, 0)),

        // M, N and K large enough for the largest tiles of the matrix product, none a multiple of the tile.
        new ConvTranspose2dCase(new ConvTranspose2dShape(6, 28, 27, 5, 40, 4, 4, 2, 1, 0)));

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.FastNames))]
    public void ForwardAndBackward_AnyShape_MatchReference(string accelerator)
    {
        Gen<ConvTranspose2dShape> shapes =
            from batch in Gen.Int[1, 4]
            from inHeight in Gen.Int[1, 6]
            from inWidth in Gen.Int[1, 6]
            from inChannels in Gen.Int[1, 40]
            from outChannels in Gen.Int[1, 20]
            from kernelHeight in Gen.Int[1, 7]
            from kernelWidth in Gen.Int[1, 7]
            from stride in Gen.Int[1, 4]
            from padding in Gen.Int[0, (Math.Min(kernelHeight, kernelWidth) - 1) / 2]
            from outputPadding in Gen.Int[0, stride - 1]
            select new ConvTranspose2dShape(
                batch, inHeight, inWidth, inChannels, outChannels, kernelHeight, kernelWidth, stride, padding, outputPadding);

        shapes.Sample(shape => OpAssert.MatchesReference(new ConvTranspose2dCase(shape), accelerator), iter: 25, threads: 1);
    }
}
