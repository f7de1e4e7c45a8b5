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

/// <summary>The training loop: its reports, its stop, and the independence of its result from both.</summary>
public sealed class TrainerTests
{
    private static readonly TrainingSettings Small = new() { Epochs = 2, BatchSize = 8, Latent = 8, MapHeight = 3, MapWidth = 3 };

    private static readonly Dataset Data = TinyData.Load(33, 5, 8);

    [Test]
    public void Run_LastBatchShorter_CountsEveryImageOnceAnEpoch()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, Small, Data);
        TrainingLog log = new();

        trainer.Run(log, default);

        Assert.That(trainer.StepsPerEpoch, Is.EqualTo(5));
        Assert.That(log.Steps.Select(step => step.Step), Is.EqualTo(Enumerable.Range(1, 10)));
        Assert.That(log.Steps.Select(step => step.ImagesSeen), Is.EqualTo([8, 16, 24, 32, 33, 8, 16, 24, 32, 33]));
        Assert.That(log.Steps.Select(step => step.Epoch), Is.EqualTo([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]));
        Assert.That(log.Epochs.Select(epoch => epoch.Epoch), Is.EqualTo([0, 1, 2]));
        Assert.That(trainer.Epoch, Is.EqualTo(2));

        // The loss of an epoch is the mean over images, not batches: the last batch has one image, not eight.
        double expected = log.Steps.Take(5).Sum(step => step.Loss * (step.ImagesSeen == 33 ? 1.0 : 8.0)) / 33;
        Assert.That(log.Epochs[0].Loss, Is.Null);
        Assert.That(log.Epochs[1].Loss, Is.EqualTo(expected).Within(1e-12));
        Assert.That(log.Epochs[1].Loss, Is.Not.EqualTo(log.Steps.Take(5).Average(step => step.Loss)).Within(1e-6));
    }

    [Test]
    public void Run_EvalEveryTwo_ScoresEveryOtherEpochAndTheLastAndTrainsTheSame()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer each = new(backend, Small with { Epochs = 5 }, Data);
        using Trainer some = new(backend, Small with { Epochs = 5, EvalEvery = 2 }, Data);
        TrainingLog logOfEach = new();
        TrainingLog log = new();

        each.Run(logOfEach, default);
        some.Run(log, default);

        Assert.That(log.Epochs.Select(row => row.MseQ is not null), Is.EqualTo([true, false, true, false, true, true]));
        Assert.That(log.Epochs.Select(row => row.Loss), Is.EqualTo(logOfEach.Epochs.Select(row => row.Loss)));
        Assert.That(log.Epochs[4].MseQ, Is.EqualTo(logOfEach.Epochs[4].MseQ));
        Assert.That(log.Epochs[^1].UnitsUsed, Is.EqualTo(logOfEach.Epochs[^1].UnitsUsed));
        foreach ((NamedTensor own, NamedTensor other) in some.Model.Export().Zip(each.Model.Export()))
        {
            Assert.That(own.Values, Is.EqualTo(other.Values), own.Name);
        }
    }

    [TestCase(SomUpdateKind.Batch, LossKind.Full)]
    [TestCase(SomUpdateKind.Online, LossKind.Full)]
    [TestCase(SomUpdateKind.Batch, LossKind.Report)]
    public void Run_SomeEpochs_LowersTheLoss(SomUpdateKind update, LossKind loss)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        TrainingSettings settings = Small with { Epochs = 30, SomUpdate = update, Loss = loss, LearningRate = 3e-3 };
        using Trainer trainer = new(backend, settings, Data);
        TrainingLog log = new();

        trainer.Run(log, default);

        Assert.That(log.Epochs[^1].Loss / log.Epochs[1].Loss, Is.LessThan(0.8));
        Assert.That(log.Epochs[^1].MseQ, Is.LessThan(0.8 * log.Epochs[0].MseQ!.Value));
    }

    [Test]
    public void Run_ReportLoss_LeavesTheEncoderAsItWas()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, Small with { Loss = LossKind.Report }, Data);
        Dictionary<string, float[]> before = trainer.Model.Export().ToDictionary(tensor => tensor.Name, tensor => tensor.Values);

        trainer.Run(new TrainingLog(), default);

        foreach (NamedTensor tensor in trainer.Model.Export())
        {
            if (tensor.Name.StartsWith("optimizer.", StringComparison.Ordinal))
            {
                continue;
            }

            bool moves = tensor.Name.StartsWith("decoder.", StringComparison.Ordinal) || tensor.Name == "som.codebook";
            Assert.That(tensor.Values.SequenceEqual(before[tensor.Name]), Is.Not.EqualTo(moves), tensor.Name);
        }
    }

    [Test]
    public void Run_OneAndTwoThreads_GiveTheSameBits([Values] AttentionKind attention)
    {
        Dataset dataset = TinyData.Load(150, 3, 28);
        TrainingSettings settings = new() { Epochs = 2, Attention = attention };

        IReadOnlyList<NamedTensor> one = Train(dataset, settings, threads: 1);
        IReadOnlyList<NamedTensor> two = Train(dataset, settings, threads: 2);

        foreach ((NamedTensor left, NamedTensor right) in one.Zip(two))
        {
            Compare.SameBits(left.Name, left.Values, right.Values);
        }
    }

    /// <summary>Two steps, the second of half a batch: the simulator takes a second per step.</summary>
    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Devices))]
    public void Run_TwiceOnADevice_GivesTheSameCheckpoint(string accelerator)
    {
        TrainingSettings settings = Small with { Epochs = 1, BatchSize = 4, MapHeight = 2 };
        Dataset dataset = TinyData.Load(6, 2, 8);
        (byte[] Before, byte[] After) Train()
        {
            using Backend<float> backend = AllBackends.Create(accelerator);
            using Trainer trainer = new(backend, settings, dataset);
            byte[] before = CheckpointFile.ToBytes(trainer.ToCheckpoint());
            trainer.Run(new TrainingLog(), default);
            return (before, CheckpointFile.ToBytes(trainer.ToCheckpoint()));
        }

        (byte[] before, byte[] first) = Train();

        Assert.That(Train().After.AsSpan().SequenceEqual(first), Is.True);
        Assert.That(before.AsSpan().SequenceEqual(first), Is.False);
    }

    [Test]
    public void Run_AnotherSeed_GivesOtherNumbers()
    {
        IReadOnlyList<NamedTensor> one = Train(Data, Small, threads: 1);
        IReadOnlyList<NamedTensor> other = Train(Data, Small with { Seed = 43 }, threads: 1);

        Assert.That(one[0].Values, Is.Not.EqualTo(other[0].Values));
    }

    [Test]
    public void Run_Cancelled_StopsAfterTheCurrentStep()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using CancellationTokenSource stop = new();
        using Trainer trainer = new(backend, Small, Data);
        TrainingLog log = new() { Stepped = _ => stop.Cancel() };

        trainer.Run(log, stop.Token);

        Checkpoint checkpoint = trainer.ToCheckpoint();
        Assert.That(log.Steps, Has.Count.EqualTo(1));
        Assert.That(log.Epochs, Has.Count.EqualTo(1));
        Assert.That((checkpoint.Step, checkpoint.Epoch), Is.EqualTo((1L, 0)));
        Assert.That(checkpoint.DatasetSha256, Is.EqualTo(Data.Sha256));
    }

    [Test]
    public void Run_LossNotFinite_StopsAndNamesTheStep()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer trainer = new(backend, Small, Data);
        TrainingLog log = new() { Stepped = report => Poison(trainer.Model, report.Step == 3) };

        Assert.That(() => trainer.Run(log, default), Throws.TypeOf<TrainingDivergedException>().With.Message.Contains("NaN in step 4"));
        Assert.That(log.Steps, Has.Count.EqualTo(3));
    }

    [Test]
    public void Constructor_BadSettings_AreRefused()
    {
        using Backend<float> backend = AllBackends.Create("reference");

        Assert.That(
            () => new Trainer(backend, Small with { LearningRate = double.NaN }, Data),
            Throws.TypeOf<SettingException>().With.Message.StartsWith("learning_rate NaN"));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.FastNames))]
    public void Restore_Checkpoint_GivesTheSameOutputs(string accelerator)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using Trainer trainer = new(backend, Small with { Epochs = 1 }, Data);
        trainer.Run(new TrainingLog(), default);
        using DeviceImages images = new(backend, Data.Test, Small.BatchSize);

        using var restored = (SomAttnModel)ImageModel.Restore(backend, trainer.ToCheckpoint());

        Reconstruction made = ((SomAttnModel)trainer.Model).Reconstruct(images.Range(0, 5), 5);
        Reconstruction again = restored.Reconstruct(images.Range(0, 5), 5);
        Compare.SameBits("codes", again.Codes.ToArray(), made.Codes.ToArray());
        Compare.SameBits("images", again.Images.ToArray(), made.Images.ToArray());
        Compare.SameBits("quantized images", again.QuantizedImages.ToArray(), made.QuantizedImages.ToArray());
        Assert.That(again.Winners.Bmu.ToArray(), Is.EqualTo(made.Winners.Bmu.ToArray()));
        foreach ((NamedTensor left, NamedTensor right) in restored.Export().Zip(trainer.Model.Export()))
        {
            Compare.SameBits(left.Name, left.Values, right.Values);
        }
    }

    [Test]
    public void Import_TensorsThatDoNotFit_AreRefusedAndChangeNothing()
    {
        using Backend<float> backend = AllBackends.Create("reference");
        using SomAttnModel model = new(backend, Small, new(8, 1));
        model.Initialize();
        IReadOnlyList<NamedTensor> good = model.Export();
        NamedTensor[] ones = [.. good.Select(tensor => tensor with { Values = [.. tensor.Values.Select(_ => 1f)] })];
        NamedTensor last = ones[^1];

        (IReadOnlyList<NamedTensor> Tensors, string Said)[] refused =
        [
            (ones[..^1], $"{last.Name} is missing"),
            ([.. ones, new NamedTensor("foreign", [1], [1])], "foreign belongs to no part"),
            ([.. ones, ones[0]], "encoder.conv1.weight is there twice"),
            ([.. ones[..^1], last with { Shape = [1, .. last.Shape] }], $"{last.Name} has shape"),
            ([.. ones[..^1], last with { Values = [] }], $"{last.Name} has shape"),
        ];

        foreach ((IReadOnlyList<NamedTensor> tensors, string said) in refused)
        {
            Assert.That(() => model.Import(tensors), Throws.TypeOf<TensorFileException>().With.Message.Contains(said));
            Assert.That(model.Export()[0].Values, Is.EqualTo(good[0].Values));
        }
    }

    private static IReadOnlyList<NamedTensor> Train(Dataset dataset, TrainingSettings settings, int threads)
    {
        using Backend<float> backend = BackendFactory.Create("cpu", threads);
        using Trainer trainer = new(backend, settings, dataset);
        trainer.Run(new TrainingLog(), default);
        return trainer.ToCheckpoint().Tensors;
    }

    /// <summary>Sets a bias of the decoder to NaN.</summary>
    private static void Poison(ImageModel model, bool now)
    {
        if (now)
        {
            model.Parameters.Parameters.Single(parameter => parameter.Name == "decoder.conv_transpose2.bias").Value.CopyFrom([float.NaN]);
        }
    }
}
