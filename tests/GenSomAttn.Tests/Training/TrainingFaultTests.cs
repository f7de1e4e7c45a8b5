using System.Diagnostics.CodeAnalysis;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Training;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>
/// Faults in the middle of a training, each at one place: the last good checkpoint is named, loads, and leads to the bytes of an
/// undisturbed training.
/// </summary>
[Parallelizable(ParallelScope.All)]
public sealed class TrainingFaultTests
{
    private const int StepsPerEpoch = 3;

    private static readonly TrainingSettings Small = new()
    {
        Epochs = 2,
        BatchSize = 4,
        Latent = 8,
        MapHeight = 2,
        MapWidth = 3,
        Attention = AttentionKind.None,
    };

    private static readonly Dataset Data = TinyData.Load(10, 4, 8);
    private static readonly byte[] Whole = TrainWhole();

    /// <summary>The page shows the units in another order than the training: a fault there must not leave them in it.</summary>
    [Test]
    public void Page_AnyDiskOperationFails_TrainsToTheSameBytes()
    {
        FaultyDisk none = new(-1, DiskFault.Error);
        using TemporaryFolder folder = new();
        Train(folder, none, null, out _);
        const int Files = 3;
        const int Operations = 5;
        int[] ofPages = [.. Enumerable.Range(0, none.Log.Count).Where(operation => IsOfPage(none.Log[operation]))];
        Assert.That(ofPages, Has.Length.EqualTo((Files * Operations * (1 + Small.Epochs)) + Operations), "and the page at the end");
        int[] ofFirstEpoch = ofPages[(Files * Operations)..(2 * Files * Operations)];
        Assert.Multiple(() => Array.ForEach(ofFirstEpoch, operation => AssertSurvives(operation, none.Log[operation])));
        TestContext.Progress.WriteLine($"faults: page of an epoch: {ofFirstEpoch.Length} injected, {ofFirstEpoch.Length} survived");
    }

    /// <summary>Some 5 files or all to the end, from the first trained epoch on.</summary>
    [Test]
    public void Disk_FullForAWhile_LeavesARunWithoutGaps([Values(25, int.MaxValue / 2)] int operations)
    {
        FaultyDisk none = new(-1, DiskFault.Error);
        using TemporaryFolder undisturbed = new();
        Train(undisturbed, none, null, out _);
        int first = none.Log.FindIndex(operation => operation.Contains("epoch_001", StringComparison.Ordinal));
        Assert.That(first, Is.Positive);
        int tried = 0;
        for (int operation = first; operation < none.Log.Count; operation += 6, tried++)
        {
            AssertLeavesNoGap(new FaultyDisk(operation, DiskFault.Error, operations), undisturbed, $"from {none.Log[operation]} on");
        }

        TestContext.Progress.WriteLine($"faults: disk full for {operations} operations: {tried} injected, {tried} survived");
    }

    /// <summary>A nearly full disk takes one file and refuses the next, until something else is deleted.</summary>
    [Test]
    public void Disk_RefusesEachFileAtRandom_LeavesARunWithoutGaps([Range(1, 30)] int seed)
    {
        const int Beginning = 60;
        FaultyDisk none = new(-1, DiskFault.Error);
        using TemporaryFolder undisturbed = new();
        Train(undisturbed, none, null, out _);
        Assert.That(none.Log.FindIndex(operation => operation.Contains("epoch_001", StringComparison.Ordinal)), Is.GreaterThan(Beginning));
        Random random = new(seed);
        FaultyDisk disk = new(operation => operation >= Beginning && random.Next(12) == 0, DiskFault.NoSpace);
        AssertLeavesNoGap(disk, undisturbed, $"seed {seed}");
    }

    /// <summary>Step 3 is the last of an epoch, whose checkpoint must not be written; 6 is the last of all.</summary>
    [Test]
    public void Gradient_OneElementIsNan_StopsAndKeepsTheCheckpointBefore([Range(1, 2 * StepsPerEpoch)] int step)
    {
        using TemporaryFolder folder = new();
        int adamSteps = 0;
        bool isPoisoned = false;
        Action<string, IReadOnlyList<OperationWatch.Operand>> poison = (operation, operands) =>
        {
            adamSteps += operation == nameof(Backend<>.AdamStep) ? 1 : 0;
            OperationWatch.Operand? gradient = operands.FirstOrDefault(operand => operand is { Access: Access.Update, Name: "dWeight" });
            if (adamSteps == step - 1 && !isPoisoned && gradient is not null)
            {
                ((DeviceView<float>)gradient.View).Slice(1, 1).CopyFrom([float.NaN]);
                isPoisoned = true;
            }
        };

        TrainingDivergedException? exception = Assert.Throws<TrainingDivergedException>(() => Train(folder, null, poison, out _));

        int good = (step - 1) / StepsPerEpoch * StepsPerEpoch;
        Assert.That(isPoisoned, Is.True);
        Assert.That(exception!.Message, Does.Contain("not finite").And.Contain($"of step {good}."));
        Assert.That(ErrorReport.CodeOf(exception), Is.EqualTo(ExitCodes.Failed));
        AssertResumes(folder, good);
    }

    [TestCase(1, 0)]
    [TestCase(2 + StepsPerEpoch, StepsPerEpoch)]
    public void Device_FailsInTheMiddleOfAnEpoch_NamesTheCheckpointAndHowToResume(int step, int good)
    {
        using TemporaryFolder folder = new();
        int adamSteps = 0;
        Warnings warnings = new();
        Action<string, IReadOnlyList<OperationWatch.Operand>> fail = (operation, _) =>
        {
            adamSteps += operation == nameof(Backend<>.AdamStep) ? 1 : 0;
            if (adamSteps == step)
            {
                throw new DeviceFailure("an illegal memory access was encountered");
            }
        };

        DeviceFailure? exception = Assert.Throws<DeviceFailure>(() => Train(folder, null, fail, out warnings));

        Assert.That(ErrorReport.CodeOf(exception!), Is.EqualTo(ExitCodes.Failed));
        Assert.That(ErrorReport.MessageOf(exception!), Is.EqualTo("an illegal memory access was encountered"));
        Assert.That(warnings.Texts.Single(),
            Does.Contain($"last.safetensors, of step {good}. Resume with: ").And.Contain($" resume {folder.Path}"));
        AssertResumes(folder, good);
    }

    /// <summary>A parallel loop and a type initializer wrap what they throw.</summary>
    [Test]
    public void ErrorReport_WrappedException_IsThatOfTheCause()
    {
        Exception wrapped = new TypeInitializationException("Font", new AggregateException(new InsufficientMemoryException()));

        Assert.That(ErrorReport.MessageOf(wrapped), Does.StartWith("there is not enough memory: take a smaller --batch-size"));
        Assert.That(ErrorReport.CodeOf(new AggregateException(new DataException("a"))), Is.EqualTo(ExitCodes.DataOrFile));
    }

    private static void AssertSurvives(int operation, string what)
    {
        using TemporaryFolder folder = new();
        RunDirectory run = Train(folder, new FaultyDisk(operation, DiskFault.NoSpace), null, out Warnings warnings);

        Assert.That(File.ReadAllBytes(run.LastCheckpoint), Is.EqualTo(Whole), what);
        Assert.That(warnings.Texts, Has.Count.EqualTo(1).And.All.Contains("The training continues"), what);
    }

    private static void AssertLeavesNoGap(FaultyDisk disk, TemporaryFolder undisturbed, string what)
    {
        using TemporaryFolder folder = new();
        bool isWhole = TrainsToTheEnd(folder, disk);
        var run = RunDirectory.Open(Directory.GetDirectories(folder.Path).Single());
        VerifiedFile[] damaged = [.. RunVerifier.Verify(run).Where(file => file.Verdict == FileVerdict.Damaged)];

        // A picture that was refused to the end, while its epoch's checkpoint was not, can never be drawn again: it is missing.
        Assert.That(damaged.Where(file => isWhole || !IsMissingPicture(file)), Is.Empty, what);
        if (isWhole)
        {
            Assert.That(Names(folder), Is.EqualTo(Names(undisturbed)), what);
            Assert.That(File.ReadAllBytes(run.LastCheckpoint), Is.EqualTo(Whole), what);
        }
    }

    private static bool TrainsToTheEnd(TemporaryFolder folder, FaultyDisk disk)
    {
        try
        {
            Train(folder, disk, null, out _);
            return true;
        }
        catch (FileException)
        {
            return false;
        }
    }

    /// <summary>Names of the files of the only run, but for what a failed deletion left.</summary>
    private static string[] Names(TemporaryFolder folder) =>
    [
        .. Directory.GetFiles(Directory.GetDirectories(folder.Path).Single(), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(path)).Where(name => !name.EndsWith(".tmp", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private static bool IsMissingPicture(VerifiedFile file) =>
        file.File.StartsWith("samples", StringComparison.Ordinal) && file.Note.StartsWith("Could not find file", StringComparison.Ordinal);

    private static bool IsOfPage(string operation) =>
        operation.Contains("atlas.html", StringComparison.Ordinal) || operation.Contains("curves.svg", StringComparison.Ordinal)
        || (operation.Contains("epoch_", StringComparison.Ordinal) && operation.Contains("safetensors", StringComparison.Ordinal));

    private static byte[] TrainWhole()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, Small, Data);
        trainer.Run(new TrainingLog(), default);
        return CheckpointFile.ToBytes(trainer.ToCheckpoint());
    }

    /// <summary>Trains in a run directory; the result is that on its disk.</summary>
    private static RunDirectory Train(
        TemporaryFolder folder, IDisk? disk, Action<string, IReadOnlyList<OperationWatch.Operand>>? after, out Warnings warnings)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, Small, Data);
        var run = RunDirectory.Create(folder.Path, Small, disk is null ? AtomicFiles.OnDisk : new AtomicFiles(disk));
        Warnings view = new();
        warnings = view;
        RunConfig config = RunConfigTests.Config with { Settings = trainer.Model.Settings };
        RunStart.Write(run, config, Data);
        using OperationWatch? watch = after is null ? null : new OperationWatch(backend, after);
        StopSignals.Run(signals =>
        {
            TrainingSession session = new(run, config, trainer, Data, signals);
            return session.Train(view) is null ? ExitCodes.Failed : ExitCodes.Done;
        });
        return run;
    }

    private static void AssertResumes(TemporaryFolder folder, int step)
    {
        var run = RunDirectory.At(Directory.GetDirectories(folder.Path).Single());
        Checkpoint checkpoint = run.LoadCheckpoint();
        Assert.That(checkpoint.Step, Is.EqualTo(step));

        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, Small, Data);
        trainer.Continue(checkpoint);
        trainer.Run(new TrainingLog(), default);
        Assert.That(CheckpointFile.ToBytes(trainer.ToCheckpoint()), Is.EqualTo(Whole));
    }

    [SuppressMessage("Design", "CA1032", Justification = "Only this test throws it, as a driver throws its own.")]
    private sealed class DeviceFailure(string message) : Exception(message);

    private sealed class Warnings : ITrainingProgress, ITrainingView
    {
        public List<string> Texts { get; } = [];

        public void Show(Action<ITrainingView> train) => train(this);

        public void OnStep(StepReport report)
        {
        }

        public void OnEpoch(EpochMetrics metrics)
        {
        }

        public void Warn(string message) => Texts.Add(message);
    }
}
