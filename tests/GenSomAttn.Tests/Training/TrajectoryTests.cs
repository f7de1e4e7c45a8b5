using GenSomAttn.Backends;
using GenSomAttn.Engine.Rng;
using GenSomAttn.Model;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>
/// Ten steps of a small training give a fixed list of losses on every backend. Losses are compared, not parameters: Adam turns
/// rounding in a tiny gradient into a visible step.
/// </summary>
public sealed class TrajectoryTests
{
    private static readonly TrainingSettings Settings = new()
    {
        Epochs = 1,
        BatchSize = 16,
        Latent = 16,
        MapHeight = 3,
        MapWidth = 4,
        SigmaStart = 1,
        SigmaEnd = 0.5,
        LearningRate = 1e-2,
        Seed = 7,
    };

    /// <summary>What the reference backend computed in float.</summary>
    private static readonly float[] Losses =
    [
        0.300157756f, 0.259699076f, 0.179094791f, 0.131110415f, 0.117622279f,
        0.116832957f, 0.116651461f, 0.112652808f, 0.103553228f, 0.106924467f,
    ];

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void Run_TenSteps_GivesTheListedLosses(string accelerator)
    {
        Dataset dataset = TinyData.Load(160, 5, 8);
        using IBackend backend = AllBackends.Create(accelerator);
        using Trainer trainer = new(backend, Settings, dataset, stepsPerRead: 1);
        using NextBatches next = new(trainer.Model, dataset);
        List<double> gaps = [next.SmallestGap()];
        TrainingLog log = new() { Stepped = report => gaps.Add(report.Step < 10 ? next.SmallestGap() : 1) };

        trainer.Run(log, default);

        // A winner that a rounding could change would make the list a matter of luck.
        Assert.That(gaps, Is.All.GreaterThan(1e-4));
        float[] got = [.. log.Steps.Select(step => step.Loss)];
        Assert.That(got, Has.Length.EqualTo(Losses.Length));

        // Backends differ by 1e-6: the order of sums, and ten steps that carry it on. A step of Adam left out shows at once.
        Assert.That(got.Zip(Losses, (loss, listed) => Math.Abs(loss - listed) / listed), Is.All.LessThan(1e-4), string.Join(", ", got));
    }

    /// <summary>Looks at the winners of each batch just before the step that learns it.</summary>
    private sealed class NextBatches : IDisposable
    {
        private readonly SomAttnModel _model;
        private readonly DeviceImages _images;
        private readonly DeviceBuffer<int> _order;
        private int _start;

        public NextBatches(SomAttnModel model, Dataset dataset)
        {
            int[] order = new int[dataset.Train.Count];
            Shuffle.Fill(Settings.Seed, 0, order);
            _model = model;
            _images = new DeviceImages(model.Backend, dataset.Train, Settings.BatchSize);
            _order = model.Backend.Allocate<int>(order.Length);
            _order.CopyFrom(order);
        }

        /// <summary>The smallest gap between the squared distances of the best and the second unit, as a share of the latter.</summary>
        public double SmallestGap()
        {
            int batch = Settings.BatchSize;
            DeviceView<float> images = _images.Gather(_order.View.Slice(_start, batch));
            float[] distances = _model.Reconstruct(images, batch).Winners.SquaredDistances.ToArray();
            _start += batch;
            return Enumerable.Range(0, batch).Min(n => (distances[(2 * n) + 1] - distances[2 * n]) / distances[(2 * n) + 1]);
        }

        public void Dispose()
        {
            _images.Dispose();
            _order.Dispose();
        }
    }
}
