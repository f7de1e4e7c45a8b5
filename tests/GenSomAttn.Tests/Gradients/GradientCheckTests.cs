using GenSomAttn.Backends;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Kernels;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Gradients;

/// <summary>The gradients of all operations, and the checker's detection of wrong ones.</summary>
public sealed class GradientCheckTests
{
    private static IEnumerable<GradientCase> Cases => GradientChecks.Cases;

    private static IEnumerable<TestCaseData> CasesOnAllBackends => AllBackends.Each([.. GradientChecks.Cases]);

    [TestCaseSource(nameof(Cases))]
    public void ReferenceBackward_AgainstCentralDifferences_Agrees(GradientCase gradientCase)
        => AssertPassed(GradientChecks.CheckReference(gradientCase));

    [TestCaseSource(nameof(CasesOnAllBackends))]
    public void Backend_AgainstReferenceInDouble_Agrees(GradientCase gradientCase, string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        AssertPassed(GradientChecks.CheckBackend(gradientCase, backend));
    }

    [Test]
    public void Run_OnReference_HasAllStagesOfAllCases()
    {
        using Backend<float> backend = AllBackends.Create("reference");
        IReadOnlyList<CheckResult> results = GradientChecks.Run(backend);

        AssertPassed(results);
        foreach (GradientCase gradientCase in GradientChecks.Cases)
        {
            CheckStage[] expected = [CheckStage.Reference, CheckStage.Forward, CheckStage.Backward];
            Assert.That(
                results.Where(result => result.Case == gradientCase.Name).Select(result => result.Stage).Distinct(),
                Is.EqualTo(expected), gradientCase.Name);
        }
    }

    /// <summary>Gradients wrong by a factor, wrong in one element, NaN, or zero: both stages must detect each.</summary>
    [TestCase(1.01, false, TestName = "Checker_GradientWrongByOnePercent_Fails")]
    [TestCase(1.01, true, TestName = "Checker_LastElementWrongByOnePercent_Fails")]
    [TestCase(double.NaN, false, TestName = "Checker_GradientNaN_Fails")]
    [TestCase(double.NaN, true, TestName = "Checker_LastElementNaN_Fails")]
    [TestCase(0, false, TestName = "Checker_GradientZero_Fails")]
    public void Checker_WrongGradient_Fails(double factor, bool lastElementOnly)
    {
        using Backend<float> backend = AllBackends.Create("reference");
        WrongGradient wrong = new(factor, lastElementOnly);

        Assert.That(GradientChecks.CheckReference(wrong).Single().Passed, Is.False);
        IReadOnlyList<CheckResult> results = GradientChecks.CheckBackend(wrong, backend);
        Assert.That(results.Single(result => result.Stage == CheckStage.Forward).Passed, Is.True);
        Assert.That(results.Single(result => result.Stage == CheckStage.Backward).Passed, Is.False);
    }

    [Test]
    public void Checker_SumLossOfSoftmax_WouldSeeOnlyZeros()
    {
        using ReferenceBackend<double> reference = new();
        using ScratchBuffers<double> scratch = new(reference);
        DeviceView<double> output = scratch.Zeros<double>(5), gradient = scratch.Zeros<double>(5);
        reference.SoftmaxForward(scratch.Rounded([1, 2, 3, 4, 5]), new(1, 5), output);
        reference.SoftmaxBackward(scratch.Rounded([1, 1, 1, 1, 1]), output, new(1, 5), gradient);
        double[] dInput = gradient.ToArray();

        CheckResult result = CheckResult.Compare(
            "softmax", "dInput", CheckStage.Reference, new double[5], dInput, Tolerance.CentralDifferences);

        Assert.That(result.Worst.Passed, Is.True, "Zeros lie within the tolerance of zeros,");
        Assert.That(result.Passed, Is.False, "which must not count as a pass.");
    }

    [Test]
    public void FourPointStencil_Cubic_IsExactAndRestoresTheElement()
    {
        using Backend<float> backend = AllBackends.Create("reference");
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<float> values = scratch.Of<float>([5, 0.75f]);
        double Loss()
        {
            double x = values.ToArray()[1];
            return x * x * x;
        }

        double derivative = FloatDerivative.FourPointStencil(values, 1, 1f / 128, Loss);

        Assert.That(derivative, Is.EqualTo(3 * 0.75 * 0.75).Within(1e-9), "The points are exact in float and the formula is for cubics.");
        float[] restored = [5, 0.75f];
        Assert.That(values.ToArray(), Is.EqualTo(restored));
    }

    private static void AssertPassed(IReadOnlyList<CheckResult> results)
    {
        Assert.That(results, Is.Not.Empty);
        Assert.That(results.Where(result => !result.Passed).Select(result => result.ToString()), Is.Empty);
    }

    /// <summary>The sigmoid with a gradient that is wrong at both precisions.</summary>
    private sealed class WrongGradient(double factor, bool lastElementOnly) : GradientCase
    {
        private readonly ActivationCase _sigmoid = new(Activation.Sigmoid, 33);

        public override string Name => "wrong";

        public override IReadOnlyList<CaseInput> Inputs => _sigmoid.Inputs;

        public override int OutputLength => _sigmoid.OutputLength;

        public override Tolerance OutputTolerance => _sigmoid.OutputTolerance;

        public override void Forward<T>(ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> output)
            => _sigmoid.Forward(scratch, inputs, output);

        /// <summary>Spoiled once in double and twice in float, so that the two differ as well.</summary>
        public override void Backward<T>(
            ScratchBuffers<T> scratch, DeviceView<T>[] inputs, DeviceView<T> dOutput, DeviceView<T>[] dInputs)
        {
            _sigmoid.Backward(scratch, inputs, dOutput, dInputs);
            double[] spoiled = Array.ConvertAll(dInputs[0].ToArray(), double.CreateChecked);
            Spoil(spoiled);
            if (typeof(T) == typeof(float))
            {
                Spoil(spoiled);
            }

            dInputs[0].CopyFrom(Array.ConvertAll(spoiled, T.CreateChecked));
        }

        private void Spoil(double[] gradient)
        {
            for (int i = lastElementOnly ? gradient.Length - 1 : 0; i < gradient.Length; i++)
            {
                gradient[i] *= factor;
            }
        }
    }
}
