using CsCheck;
using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Convolution, at the sizes of the model and at awkward ones.</summary>
public sealed class Conv2dTests
{
    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
        new Conv2dCase(new Conv2dShape(1, 28, 28, 1, 32, 3, 3, 2, 1)),
        new Conv2dCase(new Conv2dShape(32, 28, 28, 1, 32, 3, 3, 2, 1)),
        new Conv2dCase(new Conv2dShape(5, 14, 14, 32, 64, 3, 3, 2, 1)),

        // Color, also with odd sides and on the simulator, and the third and the fourth stage.
        new Conv2dCase(new Conv2dShape(5, 32, 32, 3, 32, 3, 3, 2, 1)),
        new Conv2dCase(new Conv2dShape(1, 9, 13, 3, 32, 3, 3, 2, 1)),
        new Conv2dCase(new Conv2dShape(3, 10, 10, 64, 128, 3, 3, 2, 1)),
        new Conv2dCase(new Conv2dShape(1, 4, 4, 128, 128, 3, 3, 2, 1)),
        new Conv2dCase(new Conv2dShape(1, 7, 13, 3, 33, 5, 3, 1, 2)),
        new Conv2dCase(new Conv2dShape(2, 9, 8, 33, 1, 3, 4, 3, 0)),
        new Conv2dCase(new Conv2dShape(3, 6, 5, 65, 3, 1, 1, 1, 0)),
        new Conv2dCase(new Conv2dShape(1, 11, 4, 2, 65, 7, 7, 2, 3)),
        new Conv2dCase(new Conv2dShape(1, 1, 1, 1, 1, 1, 1, 1, 0)),
        new Conv2dCase(new Conv2dShape(2, 5, 5, 3, 4, 1, 1, 2, 1)),
        new Conv2dCase(new Conv2dShape(1, 10, 10, 4, 4, 2, 2, 5, 0)),

        // Kernels of more than one and at most two strides: even and odd sides, one pixel, rows that no window meets.
        new Conv2dCase(new Conv2dShape(9, 16, 13, 8, 17, 4, 3, 2, 1)),
        new Conv2dCase(new Conv2dShape(3, 8, 15, 33, 9, 3, 4, 2, 0)),
        new Conv2dCase(new Conv2dShape(2, 11, 9, 16, 32, 5, 6, 3, 2)),
        new Conv2dCase(new Conv2dShape(17, 4, 4, 9, 8, 4, 4, 2, 0)),
        new Conv2dCase(new Conv2dShape(2, 6, 7, 10, 12, 2, 2, 1, 1)),

        // Kernels that are rows and columns, with padding along them alone, and other padding that is not the same both ways.
        new Conv2dCase(new Conv2dShape(2, 6, 9, 12, 33, 1, 7, 1, 0, 3)),
        new Conv2dCase(new Conv2dShape(2, 9, 6, 12, 33, 7, 1, 1, 3, 0)),
        new Conv2dCase(new Conv2dShape(2, 5, 7, 3, 8, 3, 1, 1, 1, 0)),
        new Conv2dCase(new Conv2dShape(2, 9, 8, 9, 17, 4, 3, 2, 2, 0)),

        // M, N and K large enough for the largest tiles of the matrix product, none a multiple of the tile.
        new Conv2dCase(new Conv2dShape(2, 28, 27, 3, 150, 3, 3, 1, 1)));

    private static IEnumerable<TestCaseData> AdjointShapes => AllBackends.Each(
        new Conv2dShape(2, 8, 10, 3, 5, 4, 4, 2, 1),
        new Conv2dShape(1, 9, 7, 1, 33, 3, 3, 1, 1),
        new Conv2dShape(2, 9, 7, 3, 32, 3, 3, 2, 1),
        new Conv2dShape(2, 10, 12, 4, 1, 5, 5, 2, 2));

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.FastNames))]
    public void ForwardAndBackward_AnyShape_MatchReference(string accelerator)
    {
        // Padding is less than the kernel: a window wholly outside the image would have a gradient of zero, which a check refuses.
        // With less padding than kernel, the first window meets the input: no gradient is zero everywhere.
        Gen<Conv2dShape> shapes =
            from batch in Gen.Int[1, 4]
            from kernelHeight in Gen.Int[1, 7]
            from kernelWidth in Gen.Int[1, 7]
            from paddingHeight in Gen.Int[0, Math.Min(3, kernelHeight - 1)]
            from paddingWidth in Gen.Int[0, Math.Min(3, kernelWidth - 1)]
            from extraHeight in Gen.Int[0, 9]
            from extraWidth in Gen.Int[0, 9]
            from inChannels in Gen.Int[1, 20]
            from outChannels in Gen.Int[1, 40]
            from stride in Gen.Int[1, 4]
            select new Conv2dShape(
                batch, Math.Max(1, kernelHeight - (2 * paddingHeight)) + extraHeight,
                Math.Max(1, kernelWidth - (2 * paddingWidth)) + extraWidth,
                inChannels, outChannels, kernelHeight, kernelWidth, stride, paddingHeight, paddingWidth);

        shapes.Sample(shape => OpAssert.MatchesReference(new Conv2dCase(shape), accelerator), iter: 25, threads: 1);
    }

    /// <summary>⟨conv(x), y⟩ = ⟨x, convT(y)⟩: the transposed convolution with the same weight is the adjoint.</summary>
    [TestCaseSource(nameof(AdjointShapes))]
    public void Conv2dAndConvTranspose2d_SharedWeight_AreAdjoint(Conv2dShape conv, string accelerator)
    {
        ConvTranspose2dShape transposed = new(
            conv.Batch, conv.OutHeight, conv.OutWidth, conv.OutChannels, conv.InChannels, conv.KernelHeight, conv.KernelWidth,
            conv.Stride, conv.PaddingHeight, (conv.InHeight + (2 * conv.PaddingHeight) - conv.KernelHeight) % conv.Stride);
        Assert.That((transposed.OutHeight, transposed.OutWidth), Is.EqualTo((conv.InHeight, conv.InWidth)));
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        float[] x = Draw.Normal(conv.InputLength, 1);
        float[] y = Draw.Normal(conv.OutputLength, 2);
        float[] weight = Draw.Normal(conv.WeightLength, 3);
        DeviceView<float> convolved = scratch.Zeros<float>(conv.OutputLength);
        DeviceView<float> spread = scratch.Zeros<float>(conv.InputLength);

        backend.Conv2dForward(
            scratch.Of<float>(x), scratch.Of<float>(weight), scratch.Zeros<float>(conv.OutChannels), conv, convolved);
        backend.ConvTranspose2dForward(
            scratch.Of<float>(y), scratch.Of<float>(Transposed(weight, conv)), scratch.Zeros<float>(conv.InChannels), transposed, spread);

        double left = Dot(convolved.ToArray(), y);
        double right = Dot(x, spread.ToArray());
        double size = Math.Sqrt(Dot(x, x) * Dot(y, y) * Dot(weight, weight));
        Assert.That(left, Is.EqualTo(right).Within(1e-6 * size), "Both sides are float sums of products of this size.");
        Assert.That(Math.Abs(left), Is.GreaterThan(1e-3), "Both sides zero would prove nothing.");
    }

    /// <summary>(KH, KW, IC, OC) to (OC, KH, KW, IC).</summary>
    private static float[] Transposed(float[] weight, Conv2dShape shape)
    {
        float[] transposed = new float[weight.Length];
        int rows = weight.Length / shape.OutChannels;
        for (int i = 0; i < weight.Length; i++)
        {
            (int row, int oc) = Math.DivRem(i, shape.OutChannels);
            transposed[(oc * rows) + row] = weight[i];
        }

        return transposed;
    }

    private static double Dot(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum();
}
