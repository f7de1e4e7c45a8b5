using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Tests.Support;
using NUnit.Framework;
using Reference = GenSomAttn.Backends.Reference.ReferenceOps<double>;

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
        using IBackend backend = AllBackends.Create(accelerator);
        AssertPassed(GradientChecks.CheckBackend(gradientCase, backend));
    }

    [Test]
    public void Run_OnReference_HasAllStagesOfAllCases()
    {
        using IBackend backend = AllBackends.Create("reference");
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
    [TestCase(double.NaN, false, TestName = "Checker_GradientNotANumber_Fails")]
    [TestCase(double.NaN, true, TestName = "Checker_LastElementNotANumber_Fails")]
    [TestCase(0, false, TestName = "Checker_GradientZero_Fails")]
    public void Checker_WrongGradient_Fails(double factor, bool lastElementOnly)
    {
        using IBackend backend = AllBackends.Create("reference");
        WrongGradient wrong = new(factor, lastElementOnly);

        Assert.That(GradientChecks.CheckReference(wrong).Single().Passed, Is.False);
        IReadOnlyList<CheckResult> results = GradientChecks.CheckBackend(wrong, backend);
        Assert.That(results.Single(result => result.Stage == CheckStage.Forward).Passed, Is.True);
        Assert.That(results.Single(result => result.Stage == CheckStage.Backward).Passed, Is.False);
    }

    [Test]
    public void Checker_SumLossOfSoftmax_WouldSeeOnlyZeros()
    {
        double[] output = new double[5];
        Reference.SoftmaxForward([1, 2, 3, 4, 5], new(1, 5), output);
        double[] dInput = new double[5];
        Reference.SoftmaxBackward([1, 1, 1, 1, 1], output, new(1, 5), dInput);

        CheckResult result = CheckResult.Compare(
            "softmax", "dInput", CheckStage.Reference, new double[5], dInput, Tolerance.CentralDifferences);

        Assert.That(result.Worst.Passed, Is.True, "Zeros lie within the tolerance of zeros,");
        Assert.That(result.Passed, Is.False, "which must not count as a pass.");
    }

    [Test]
    public void FourPointStencil_Cubic_IsExactAndRestoresTheElement()
    {
        using IBackend backend = AllBackends.Create("reference");
        using ScratchBuffers scratch = new(backend);
        DeviceView<float> values = scratch.Of<float>([5, 0.75f]);
        double Loss()
        {
            double x = values.ToArray()[1];
            return x * x * x;
        }

        double derivative = NumericalGradient.FourPointStencil(values, 1, 1f / 128, Loss);

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
        private readonly SigmoidCase _sigmoid = new(33);

        public override string Name => "wrong";

        public override IReadOnlyList<CaseInput> Inputs => _sigmoid.Inputs;

        public override int OutputLength => _sigmoid.OutputLength;

        public override Tolerance OutputTolerance => _sigmoid.OutputTolerance;

        public override void ReferenceForward(double[][] inputs, double[] output) => _sigmoid.ReferenceForward(inputs, output);

        public override void ReferenceBackward(double[][] inputs, double[] dOutput, double[][] dInputs)
        {
            _sigmoid.ReferenceBackward(inputs, dOutput, dInputs);
            Spoil(dInputs[0]);
        }

        public override void BackendForward(ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> output)
            => _sigmoid.BackendForward(scratch, inputs, output);

        public override void BackendBackward(
            ScratchBuffers scratch, DeviceView<float>[] inputs, DeviceView<float> dOutput, DeviceView<float>[] dInputs)
        {
            _sigmoid.BackendBackward(scratch, inputs, dOutput, dInputs);
            double[] spoiled = Compare.Widened(dInputs[0].ToArray());
            Spoil(spoiled);
            Spoil(spoiled);
            dInputs[0].CopyFrom([.. spoiled.Select(number => (float)number)]);
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
