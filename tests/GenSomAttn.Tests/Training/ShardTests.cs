using GenSomAttn.Backends;
using GenSomAttn.Engine.Collectives;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>A batch in shards: the same bytes on any number of ranks, and the gradient of the whole batch.</summary>
public sealed class ShardTests
{
    private static readonly TrainingSettings Small =
        new() { Epochs = 2, BatchSize = 12, Shards = 8, Latent = 8, MapHeight = 3, MapWidth = 3 };

    /// <summary>Three steps per epoch; shards have one or two images, and in the last step, of three images, most have none.</summary>
    private static readonly Dataset Data = TinyData.Load(27, 5, 8);

    private static IEnumerable<TrainingSettings> Models =>
    [
        Small,
        Small with { SomUpdate = SomUpdateKind.Online },
        Small with { Loss = LossKind.Report, Attention = AttentionKind.Spatial },
        Small with { MapOptions = new MapOptions { Lattice = MapLattice.Hexagon, Neighborhood = NeighborhoodKind.MexicanHat } },
        Small with { Model = ModelKind.Vae },
        Small with { Model = ModelKind.Ae },
        Small with { Model = ModelKind.Classifier },
    ];

    [TestCaseSource(nameof(Models))]
    public void Run_OneToEightRanks_GivesTheSameBytes(TrainingSettings settings)
    {
        byte[] alone = Train("cpu", settings, ranks: 1);

        foreach (int ranks in (int[])[2, 4, 8])
        {
            Assert.That(Train("cpu", settings, ranks).AsSpan().SequenceEqual(alone), Is.True, $"{ranks} ranks");
        }

        Assert.That(Train("cpu", settings with { Seed = 7 }, ranks: 2).AsSpan().SequenceEqual(alone), Is.False);
    }

    [Test]
    public void Run_TwoRanksOfTheSimulator_GivesTheSameBytes()
    {
        TrainingSettings settings = Small with { Epochs = 1, BatchSize = 2, Shards = 2, Attention = AttentionKind.None };
        Dataset two = new(Data.Train.First(2), Data.Test.First(1), Data.ClassNames, "two");

        Assert.That(
            Train(AllBackends.Simulator, settings, 2, two).AsSpan().SequenceEqual(Train(AllBackends.Simulator, settings, 1, two)), Is.True);
    }

    [Test]
    public void Run_StoppedOnFourRanksAndResumedOnTwoAndOne_GivesTheSameBytes()
    {
        byte[] whole = Train("cpu", Small, ranks: 1);

        byte[] first = Train("cpu", Small, ranks: 4, stopAfter: 2);
        byte[] second = Train("cpu", Small, ranks: 2, from: first, stopAfter: 5);
        byte[] last = Train("cpu", Small, ranks: 1, from: second);

        Assert.That(CheckpointFile.Parse(first, "bytes").Step, Is.EqualTo(2));
        Assert.That(CheckpointFile.Parse(second, "bytes").Step, Is.EqualTo(5));
        Assert.That(last.AsSpan().SequenceEqual(whole), Is.True);
    }

    [Test]
    public void Run_Shards_TakesTheStepsOfTheWholeBatch()
    {
        TrainingLog whole = new(), sharded = new();
        using Backend<float> backend = AllBackends.Create("cpu");
        using Trainer one = new(backend, Small with { Shards = 1, Epochs = 1 }, Data);
        using Trainer eight = new(backend, Small with { Epochs = 1 }, Data);

        one.Run(whole, default);
        eight.Run(sharded, default);

        // Sums of 12 images in another order differ by some units in the last place, which Adam's first steps multiply.
        Assert.That(sharded.Steps.Select(step => step.Loss), Is.EqualTo(whole.Steps.Select(step => step.Loss)).Within(1e-5));
        float[] expected = one.Model.Map!.Codebook.ToArray();
        Assert.That(eight.Model.Map!.Codebook.ToArray(), Is.EqualTo(expected).Within(1e-3));
    }

    [Test]
    public void Run_RanksThatDoNotDivideTheShards_AreRefused([Values(1, 2)] int shards)
    {
        using Backend<float> backend = AllBackends.Create("cpu");

        Assert.That(
            () => InProcessRanks.Run(4, group => _ = new Trainer(backend, Small with { Shards = shards }, Data, 0, group)),
            Throws.TypeOf<SettingException>().With.Message.Contains($"4 ranks cannot share shards {shards}"));
    }

    [TestCase(0)]
    [TestCase(3)]
    [TestCase(16)]
    [TestCase(2048)]
    public void Validate_ShardsNotAPowerOfTwoUpToTheBatch_AreRefused(int shards) => Assert.That(
        () => (Small with { Shards = shards }).Validate(), Throws.TypeOf<SettingException>().With.Message.Contains("power of two"));

    [Test]
    public void MaxBatch_OfShards_IsThatOfTheLargestShard()
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using ImageModel model = ImageModel.Create(backend, Small, Data.Train.Shape, 4);

        Assert.That(model.MaxBatch, Is.EqualTo(2));
    }

    /// <summary>Trains on ranks, each with a backend of its own, and returns the checkpoint of rank 0.</summary>
    private static byte[] Train(
        string accelerator, TrainingSettings settings, int ranks, Dataset? data = null, byte[]? from = null, int? stopAfter = null)
    {
        byte[] bytes = [];
        InProcessRanks.Run(ranks, group =>
        {
            using Backend<float> backend = AllBackends.Create(accelerator);
            using Trainer trainer = new(backend, settings, data ?? Data, 0, group);
            using var stop = new CancellationTokenSource();
            if (from is not null && group.Rank == 0)
            {
                trainer.Continue(CheckpointFile.Parse(from, "bytes"));
            }

            // Only the last rank is asked to stop: the others learn of it.
            trainer.CopyStateFromFirst();
            TrainingLog log = new()
            {
                Stepped = report =>
                {
                    if (group.Rank == ranks - 1 && report.Step + 1 == stopAfter)
                    {
                        stop.Cancel();
                    }
                },
            };
            trainer.Run(log, stop.Token);
            Assert.That(log.Epochs, group.Rank > 0 ? Is.Empty : Is.Not.Empty);
            if (group.Rank == 0)
            {
                bytes = CheckpointFile.ToBytes(trainer.ToCheckpoint());
            }
        });
        return bytes;
    }
}
