using GenSomAttn.Backends;
using GenSomAttn.Backends.Profiling;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;
using GenSomAttn.Model.Checks;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Checks;

/// <summary>Doctor: runs every operation and detects wrong ones.</summary>
public sealed class DoctorTests
{
    private static IEnumerable<string> Operations => OperationWatch.Operations;

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.FastNames))]
    public void Examine_RightBackend_Passes(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);

        DoctorReport report = Doctor.Examine(backend, _ => { });

        Assert.That(report.Results.Where(result => !result.Passed).Select(result => result.ToString()), Is.Empty);
        Assert.That(report.Passed, Is.True);
        CheckStage[] stages = [CheckStage.Forward, CheckStage.Backward, CheckStage.Training];
        Assert.That(report.Results.Select(result => result.Stage), Is.SupersetOf(stages));
    }

    [Test]
    public void CheckOperations_RunsEveryOperation()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Profiler profiler = new(backend, 1);

        Doctor.CheckOperations(backend, _ => { });

        Assert.That(profiler.Profiles.Select(row => row.Operation).Distinct(), Is.EquivalentTo(Operations));
    }

    /// <summary>An error of 0.01 in the last element of an operation's last output.</summary>
    [TestCaseSource(nameof(Operations))]
    public void CheckOperations_OneElementWrong_IsSeen(string operation)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using OperationWatch watch = new(backend, (called, operands) =>
        {
            if (called == operation)
            {
                DeviceView<float> output = OperationWatch.Floats(operands).Last();
                DeviceView<float> last = output.Slice(output.Length - 1, 1);
                last.CopyFrom([last.ToArray()[0] + 0.01f]);
            }
        });

        DoctorReport report = new(Doctor.CheckOperations(backend, _ => { }));

        Assert.That(report.Passed, Is.False);
        Assert.That(report.Results.Count(result => result.Passed), Is.GreaterThan(report.Results.Count / 3), "The others are right.");
    }

    [Test]
    public void Training_WithAStepOfAdamUndone_IsSeen()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        int steps = 0;
        using OperationWatch watch = new(backend, (called, operands) =>
        {
            if (called == nameof(Backend<float>.AdamStep) && ++steps == 5)
            {
                DeviceView<float> secondMoment = OperationWatch.Floats(operands).Last();
                secondMoment.CopyFrom(new float[secondMoment.Length]);
            }
        });

        Assert.That(TrainingCheck.Run(backend).Select(result => result.Passed), Has.Some.False);
    }

    [Test]
    public void Training_ThatDiverges_FailsWithoutAnException()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using OperationWatch watch = new(backend, (called, operands) =>
        {
            if (called == nameof(Backend<float>.AdamStep))
            {
                OperationWatch.Floats(operands).ElementAt(2).CopyFrom([float.NaN]);
            }
        });

        IReadOnlyList<CheckResult> results = TrainingCheck.Run(backend);

        Assert.That(results.Select(result => result.Passed), Is.All.False);
        Assert.That(new DoctorReport(results).Passed, Is.False);
    }

    /// <summary>No winner is so close to a tie that rounding could change it and thereby the verdict.</summary>
    [Test]
    public void Training_OfTheReference_HasNoWinnerCloseToATie()
    {
        using Backend<float> backend = AllBackends.Create("reference");
        List<double> gaps = [];
        using OperationWatch watch = new(backend, (called, operands) =>
        {
            if (called == nameof(Backend<float>.BestMatchingUnits))
            {
                float[][] pairs = [.. OperationWatch.Floats(operands).Last().ToArray().Chunk(2)];
                gaps.AddRange(pairs.Select(pair => (double)(pair[1] - pair[0]) / pair[1]));
            }
        });

        TrainingCheck.Run(backend);

        // Forty gray images and forty in color, and the one of each evaluated before and after.
        Assert.That(gaps, Has.Count.EqualTo(84));
        Assert.That(gaps, Is.All.GreaterThan(1e-4));
    }

    [Test]
    public void Report_WithoutAnyDifference_IsNoPass()
    {
        static CheckResult Row(double error) => CheckResult.Compare(
            "case", "tensor", CheckStage.Forward, [1 + error], [1], new Tolerance(1e-3, 0, "a test"));

        Assert.That(new DoctorReport([Row(0), Row(0)]).ComparedNothing, Is.True);
        Assert.That(new DoctorReport([Row(0), Row(0)]).Passed, Is.False);
        Assert.That(new DoctorReport([]).Passed, Is.False);
        Assert.That(new DoctorReport([Row(0), Row(1e-6)]).Passed, Is.True);
        Assert.That(new DoctorReport([Row(1e-6), Row(1e-2)]).Passed, Is.False);
        Assert.That(new DoctorReport([Row(1e-6), Row(double.NaN)]).Passed, Is.False);
    }
}
