using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>Mean squared error, Gaussian KL divergence and cross-entropy.</summary>
public sealed class LossTests
{
    /// <summary>Two rows of three logits; the softmax of the first is 0.0900, 0.2447, 0.6652, of the second a third each.</summary>
    private static readonly float[] Logits = [1, 2, 3, 5, 5, 5];

    private static readonly RowsShape LogitsShape = new(2, 3);

    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
        new MseCase(1),
        new MseCase(33),
        new MseCase(32 * 784),
        new GaussianKlCase(new RowsShape(1, 1)),
        new GaussianKlCase(new RowsShape(33, 32)),
        new GaussianKlCase(new RowsShape(2, 1025)),
        new SoftmaxCrossEntropyCase(new RowsShape(1, 2)),
        new SoftmaxCrossEntropyCase(new RowsShape(64, 10)),
        new SoftmaxCrossEntropyCase(new RowsShape(257, 7)),
        new SoftmaxCrossEntropyCase(new RowsShape(2, 1025)),
        new SoftmaxCrossEntropyCase(new RowsShape(10_000, 10)),
        new SoftmaxCrossEntropyCase(new RowsShape(100_003, 3)));

    private static IEnumerable<TestCaseData> NoLabels => AllBackends.Each(-1, 3, int.MinValue, int.MaxValue);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void GaussianKlForward_StandardGaussian_IsZero(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> loss = scratch.Of<float>([5]);

        backend.GaussianKlForward(scratch.Zeros<float>(33), scratch.Zeros<float>(33), new RowsShape(3, 11), loss);

        Assert.That(loss.ToArray(), Is.All.Zero);
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void MseForward_NaN_IsNotHidden(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        float[] prediction = Draw.Normal(1025, 1);
        prediction[^1] = float.NaN;
        DeviceView<float> loss = scratch.Zeros<float>(1);

        backend.MseForward(scratch.Of<float>(prediction), scratch.Zeros<float>(1025), loss);

        Assert.That(loss.ToArray(), Is.All.NaN);
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SoftmaxCrossEntropyForward_ByHand_IsTheMeanOfTheLabelsLogarithms(string accelerator)
    {
        // -log(e³ / (e + e² + e³)) = log(1 + e⁻¹ + e⁻²), and log 3.
        Compare.Close("label 2", CrossEntropy(accelerator, Logits[..3], [2], new RowsShape(1, 3)), [0.40760596], Tolerance.Elementwise);
        Compare.Close("label 0", CrossEntropy(accelerator, Logits[..3], [0], new RowsShape(1, 3)), [2.40760596], Tolerance.Elementwise);
        Compare.Close("both rows", CrossEntropy(accelerator, Logits, [2, 1], LogitsShape), [0.75310913], Tolerance.Elementwise);
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SoftmaxCrossEntropyForward_LargeLogits_StaysFinite(string accelerator)
    {
        float[] logits = [1000, 0, -1000, 1000, 0, -1000, 3e38f, 3e38f, 3e38f];

        // (0 + 2000 + log 3) / 3
        Compare.Close("loss", CrossEntropy(accelerator, logits, [0, 2, 1], new RowsShape(3, 3)), [667.0328708], Tolerance.Elementwise);
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SoftmaxCrossEntropyForward_NaN_IsNotHidden(string accelerator)
        => Assert.That(CrossEntropy(accelerator, [1, 2, 3, 4, float.NaN, 5], [2, 0], LogitsShape), Is.All.NaN);

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SoftmaxCrossEntropyBackward_ByHand_IsTheSoftmaxWithoutTheLabel(string accelerator)
    {
        // scale / N is 3 / 2.
        Compare.Close(
            "dLogits", CrossEntropyGradient(accelerator, [2, 1], 3),
            [0.13504586, 0.36709271, -0.50213857, 0.5, -1, 0.5], Tolerance.Elementwise);
    }

    [TestCaseSource(nameof(NoLabels))]
    public void SoftmaxCrossEntropy_LabelThatIsNone_ThrowsOnTheHostAndIsNaNOnADevice(int label, string accelerator)
    {
        if (accelerator is "reference" or "cpu")
        {
            Assert.That(() => CrossEntropy(accelerator, Logits, [label, 1], LogitsShape), Throws.TypeOf<IndexOutOfRangeException>());
            Assert.That(() => CrossEntropyGradient(accelerator, [label, 1], 3), Throws.TypeOf<IndexOutOfRangeException>());
            return;
        }

        Assert.That(CrossEntropy(accelerator, Logits, [label, 1], LogitsShape), Is.All.NaN);
        float[] dLogits = CrossEntropyGradient(accelerator, [label, 1], 3);
        Assert.That(dLogits[..3], Is.All.NaN);
        Compare.Close("the other row", dLogits.AsSpan(3), (double[])[0.5, -1, 0.5], Tolerance.Elementwise);
    }

    private static float[] CrossEntropy(string accelerator, float[] logits, int[] labels, RowsShape shape)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> loss = scratch.Of<float>([5]);
        backend.SoftmaxCrossEntropyForward(scratch.Of<float>(logits), scratch.Of<int>(labels), shape, loss);
        return loss.ToArray();
    }

    private static float[] CrossEntropyGradient(string accelerator, int[] labels, float scale)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> dLogits = scratch.Zeros<float>(Logits.Length);
        backend.SoftmaxCrossEntropyBackward(scratch.Of<float>(Logits), scratch.Of<int>(labels), LogitsShape, scale, dLogits);
        return dLogits.ToArray();
    }
}
