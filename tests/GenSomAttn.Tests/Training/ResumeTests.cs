using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>A training resumed from its checkpoint ends with the same bytes and reports the same scores.</summary>
public sealed class ResumeTests
{
    private static readonly TrainingSettings Small = new() { Epochs = 3, BatchSize = 8, Latent = 8, MapHeight = 3, MapWidth = 3 };

    /// <summary>Five steps per epoch, the last with one image.</summary>
    private static readonly Dataset Data = TinyData.Load(33, 5, 8);

    private static IEnumerable<TrainingSettings> Models =>
    [
        Small,
        Small with { SomUpdate = SomUpdateKind.Online },
        Small with { Loss = LossKind.Report, Attention = AttentionKind.None },
        Small with { Attention = AttentionKind.Spatial },
        Small with { Attention = AttentionKind.Pool, BatchSize = 1, Limit = 7, Latent = 16 },
        Small with { BatchSize = 64, Epochs = 8 },
        Small with { Model = ModelKind.Vae },
        Small with { Model = ModelKind.Ae },
        Small with { Model = ModelKind.Classifier },
        Small with { BatchSize = 1, Limit = 7, Latent = 16, MapHeight = 1, MapWidth = 5 },
    ];

    [TestCaseSource(nameof(Models))]
    public void Continue_AfterAnyStep_GivesTheSameBytesAndScores(TrainingSettings settings)
    {
        Dataset dataset = settings.Limit is { } limit ? TinyData.Load(limit, 5, 8) : Data;
        using Backend<float> backend = AllBackends.Create("cpu");
        Result whole = Train(backend, settings, dataset, stepsPerRead: 1, stops: []);

        for (int stop = 0; stop <= whole.Steps; stop++)
        {
            Result parts = Train(backend, settings, dataset, stepsPerRead: 1, stops: [stop]);

            Assert.That(parts.Bytes.AsSpan().SequenceEqual(whole.Bytes), Is.True, $"stopped after step {stop}");
            Assert.That(parts.Rows, Is.EqualTo(whole.Rows), $"stopped after step {stop}");
        }
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.FastNames))]
    public void Continue_SeveralTimes_GivesTheSameBytesAndScoresOnEveryAccelerator(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        TrainingSettings settings = Small with { Epochs = 2 };

        // Losses are read after three steps, so that the training is stopped between two readings too.
        Result whole = Train(backend, settings, Data, stepsPerRead: 3, stops: []);
        Result parts = Train(backend, settings, Data, stepsPerRead: 3, stops: [3, 5, 8]);

        Assert.That(parts.Bytes.AsSpan().SequenceEqual(whole.Bytes), Is.True);
        Assert.That(parts.Rows, Is.EqualTo(whole.Rows));
    }

    [Test]
    public void Continue_OnOtherThreads_GivesTheSameBytes()
    {
        Dataset dataset = TinyData.Load(150, 3, 28);
        TrainingSettings settings = new() { Epochs = 2 };
        using Backend<float> one = BackendFactory.Create("cpu", threads: 1);
        using Backend<float> two = BackendFactory.Create("cpu", threads: 2);
        byte[] whole = Train(one, settings, dataset, stepsPerRead: 1, stops: []).Bytes;

        byte[] oneThenTwo = CheckpointFile.ToBytes(Finish(two, settings, dataset, Train(one, settings, dataset, 1, [2], finish: false)));
        byte[] twoThenOne = CheckpointFile.ToBytes(Finish(one, settings, dataset, Train(two, settings, dataset, 1, [4], finish: false)));

        Assert.That(oneThenTwo.AsSpan().SequenceEqual(whole), Is.True);
        Assert.That(twoThenOne.AsSpan().SequenceEqual(whole), Is.True);
    }

    [Test]
    public void Run_StoppedWhileItMeasures_TellsTheEpochWhenItGoesOn()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        Result whole = Train(backend, Small, Data, stepsPerRead: 1, stops: []);
        using CancellationTokenSource stop = new();
        using Trainer trainer = new(backend, Small, Data);

        // The token is cancelled in the epoch's last step: the evaluation is skipped.
        TrainingLog log = new() { Stepped = report => Cancel(stop, report.Step == 5) };
        trainer.Run(log, stop.Token);
        Checkpoint checkpoint = trainer.ToCheckpoint();

        Assert.That(log.Epochs.Select(epoch => epoch.Epoch), Is.EqualTo([0]));
        Assert.That((checkpoint.Step, checkpoint.Epoch), Is.EqualTo((5L, 1)));
        using Trainer next = new(backend, Small, Data);
        next.Continue(checkpoint);
        TrainingLog rest = new();
        next.Run(rest, default);
        Assert.That(rest.Epochs.Select(Comparable), Is.EqualTo(whole.Rows.Skip(1)));
    }

    [Test]
    public void Continue_CheckpointOfAnotherTraining_IsRefusedAndChangesNothing()
    {
        using Backend<float> backend = AllBackends.Create("reference");
        using Trainer trainer = new(backend, Small, Data);
        Checkpoint own = trainer.ToCheckpoint();

        (Checkpoint Checkpoint, string Said)[] refused =
        [
            (own with { Settings = own.Settings with { Seed = 43 } }, "other settings than this training: seed is 43 instead of"),
            (own with { Shape = new(12, 1) }, "images of 12 x 12, gray"),
            (own with { DatasetSha256 = "" }, "other data"),
            (own with { Step = 16, Epoch = 3 }, "15 steps"),
            (own with { Step = 4, Epoch = 1 }, "step 4, epoch 1"),
            (own with { Step = 5, Epoch = 1, Tensors = [.. own.Tensors.Skip(1)] }, "is missing"),
        ];

        foreach ((Checkpoint checkpoint, string said) in refused)
        {
            Assert.That(() => trainer.Continue(checkpoint), Throws.TypeOf<TensorFileException>().With.Message.Contains(said));
            Assert.That(trainer.Step, Is.Zero);
        }
    }

    [TestCase("gradient")]
    [TestCase("parameter")]
    [TestCase("codebook")]
    public void ToCheckpoint_NumberNotFinite_NamesWhereAndWhen(string place)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, Small with { Epochs = 1 }, Data);
        trainer.Run(new TrainingLog(), default);
        var bias = trainer.Model.Parameters.Parameters.Single(parameter => parameter.Name == "decoder.linear.bias");
        DeviceView<float> poisoned = place switch
        {
            "gradient" => bias.Gradient,
            "parameter" => bias.Value,
            _ => trainer.Model.Map!.Codebook,
        };
        poisoned.Slice(2, 1).CopyFrom([float.PositiveInfinity]);

        string name = place == "codebook" ? "som.codebook" : bias.Name;
        Assert.That(trainer.ToCheckpoint,
            Throws.TypeOf<TrainingDivergedException>().With.Message.Contains(name).And.Message.Contains("step 5"));
    }

    /// <summary>Trains, stops after the given steps, and resumes each time with a new trainer and the checkpoint's bytes.</summary>
    private static Result Train(
        Backend<float> backend, TrainingSettings settings, Dataset dataset, int stepsPerRead, int[] stops, bool finish = true)
    {
        var rows = new SortedDictionary<int, EpochMetrics>();
        byte[] bytes = [];
        long[] ends = finish ? [.. stops, long.MaxValue] : [.. stops];
        foreach (long end in ends)
        {
            using CancellationTokenSource stop = new();
            using Trainer trainer = new(backend, settings, dataset, stepsPerRead);
            if (bytes.Length > 0)
            {
                trainer.Continue(CheckpointFile.Parse(bytes, "checkpoint"));
            }

            TrainingLog log = new() { Stepped = report => Cancel(stop, report.Step == end) };
            Cancel(stop, end == 0);
            trainer.Run(log, stop.Token);
            Assert.That(trainer.Step, Is.EqualTo(Math.Min(end, trainer.TotalSteps)));
            bytes = CheckpointFile.ToBytes(trainer.ToCheckpoint());
            foreach (EpochMetrics row in log.Epochs)
            {
                // A row reported again must be the same.
                Assert.That(rows.GetValueOrDefault(row.Epoch, Comparable(row)), Is.EqualTo(Comparable(row)));
                rows[row.Epoch] = Comparable(row);
            }
        }

        return new Result(bytes, [.. rows.Values]);
    }

    private static Checkpoint Finish(Backend<float> backend, TrainingSettings settings, Dataset dataset, Result begun)
    {
        using Trainer trainer = new(backend, settings, dataset);
        trainer.Continue(CheckpointFile.Parse(begun.Bytes, "checkpoint"));
        trainer.Run(new TrainingLog(), default);
        return trainer.ToCheckpoint();
    }

    private static void Cancel(CancellationTokenSource stop, bool now)
    {
        if (now)
        {
            stop.Cancel();
        }
    }

    /// <summary>Returns a row without the values that vary between machines.</summary>
    private static EpochMetrics Comparable(EpochMetrics row) => row with { Seconds = 0, ImagesPerSecond = 0 };

    private sealed record Result(byte[] Bytes, IReadOnlyList<EpochMetrics> Rows)
    {
        public long Steps => CheckpointFile.Parse(Bytes, "checkpoint").Step;
    }
}
