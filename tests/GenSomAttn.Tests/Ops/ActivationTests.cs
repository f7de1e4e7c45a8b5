using GenSomAttn.Backends;
using GenSomAttn.Kernels;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>ReLU and sigmoid.</summary>
public sealed class ActivationTests
{
    private static IEnumerable<TestCaseData> Cases => AllBackends.Each<GradientCase>(
    [
        .. from activation in Enum.GetValues<Activation>()
           from length in (int[])[1, 33, 100_003]
           select new ActivationCase(activation, length),
    ]);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_AwkwardSizes_MatchReference(GradientCase gradientCase, string accelerator)
        => OpAssert.MatchesReference(gradientCase, accelerator);

    [TestCaseSource(nameof(Cases))]
    public void ForwardAndBackward_Repeated_OverwriteAndAddAsTheConventionSays(GradientCase gradientCase, string accelerator)
        => OpAssert.KeepsTheConvention(gradientCase, accelerator);

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void ReluForward_SpecialNumbers_KeepsNaNAndDropsNegatives(string accelerator)
    {
        float[] output = Run(accelerator, [-1, 0, float.NaN, float.NegativeInfinity, float.PositiveInfinity, 1e-40f], sigmoid: false);

        float[] expected = [0, 0, float.NaN, 0, float.PositiveInfinity, 1e-40f];
        Assert.That(output, Is.EqualTo(expected));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void ReluBackward_AtZero_HasNoGradient(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> gradient = scratch.Of<float>([5, 6, 7]);

        backend.ActivationBackward(Activation.Relu, gradient, scratch.Of<float>([0, 2, 0]), gradient);

        float[] expected = [0, 6, 0];
        Assert.That(gradient.ToArray(), Is.EqualTo(expected), "dInput may alias dOutput");
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void SigmoidForward_ExtremeInputs_SaturatesAndKeepsNaN(string accelerator)
    {
        float[] output = Run(accelerator, [-1000, -100, -20, 0, 20, 100, 1000, float.NaN], sigmoid: true);

        Assert.That(output[^1], Is.NaN);
        double[] expected = [0, 1 / (1 + Math.Exp(100)), 1 / (1 + Math.Exp(20)), 0.5, 1 / (1 + Math.Exp(-20)), 1, 1];
        Tolerance saturated = new(1e-37, 2e-6, "exp to float accuracy; denormals may be flushed");
        Compare.Close("output", output.AsSpan(0, 7), expected, saturated);
    }

    private static float[] Run(string accelerator, float[] input, bool sigmoid)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);

        // In place, as the layers do it: output may alias input.
        DeviceView<float> elements = scratch.Of<float>(input);
        if (sigmoid)
        {
            backend.ActivationForward(Activation.Sigmoid, elements, elements);
        }
        else
        {
            backend.ActivationForward(Activation.Relu, elements, elements);
        }

        return elements.ToArray();
    }
}
