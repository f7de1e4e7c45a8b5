using GenSomAttn.Backends;
using GenSomAttn.Engine.Rng;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
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
        MapOptions = null,
        SigmaStart = 1,
        SigmaEnd = 0.5,
        LearningRate = 1e-2,
        QuantizedWeight = 1,
        Commitment = 0.25,
        Seed = 7,
    };

    /// <summary>The expected losses, computed by the reference backend in float.</summary>
    private static readonly Dictionary<AttentionKind, float[]> Losses = new()
    {
        [AttentionKind.Latent] =
        [
            0.300157756f, 0.259699076f, 0.179094791f, 0.131110415f, 0.117622279f,
            0.116832957f, 0.116651461f, 0.112652808f, 0.103553228f, 0.106924467f,
        ],
        [AttentionKind.Spatial] =
        [
            0.3360184f, 0.27378044f, 0.44898087f, 0.18299222f, 0.14161083f,
            0.12557621f, 0.13056238f, 0.11326454f, 0.10146393f, 0.105980776f,
        ],
        [AttentionKind.Pool] =
        [
            0.24136205f, 0.28684708f, 0.28201318f, 0.13676155f, 0.11200721f,
            0.10928263f, 0.107814744f, 0.10200076f, 0.09204879f, 0.0966151f,
        ],
    };

    /// <summary>The expected losses on color images, with attention over the latent vector.</summary>
    private static readonly float[] LossesOfColor =
    [
        0.28905f, 0.2652499f, 0.19709891f, 0.14794798f, 0.1207169f,
        0.118731156f, 0.11800443f, 0.11305574f, 0.1030954f, 0.10647009f,
    ];

    /// <summary>Not on the simulator, where `doctor` takes ten steps: half a minute here.</summary>
    private static IEnumerable<TestCaseData> Cases =>
    [
        .. AllBackends.With(AttentionKind.Latent, ImageShape.Gray),
        .. AllBackends.With(AttentionKind.Spatial, ImageShape.Gray),
        .. AllBackends.With(AttentionKind.Pool, ImageShape.Gray),
        .. AllBackends.With(AttentionKind.Latent, ImageShape.Color),
    ];

    [TestCaseSource(nameof(Cases))]
    public void Run_TenSteps_GivesTheListedLosses(AttentionKind attention, int channels, string accelerator)
    {
        Dataset dataset = channels == ImageShape.Gray ? TinyData.Load(160, 5, 8) : TinyData.LoadColor(160, 5, 8);
        using Backend<float> backend = AllBackends.Create(accelerator);
        using Trainer trainer = new(backend, Settings with { Attention = attention }, dataset, stepsPerRead: 1);
        using NextBatches next = new((SomAttnModel)trainer.Model, dataset);
        List<double> gaps = [next.SmallestGap()];
        TrainingLog log = new() { Stepped = report => gaps.Add(report.Step < 10 ? next.SmallestGap() : 1) };

        trainer.Run(log, default);

        // No winner is so close to a tie that rounding could change it and thereby the list.
        Assert.That(gaps, Is.All.GreaterThan(1e-4));
        float[] got = [.. log.Steps.Select(step => step.Loss)];
        float[] expected = channels == ImageShape.Gray ? Losses[attention] : LossesOfColor;
        Assert.That(got, Has.Length.EqualTo(expected.Length));

        // Backends differ by 1e-6, with attention over positions by 2e-5: the order of reductions, amplified over ten steps. A missing
        // Adam step exceeds this at once.
        Assert.That(got.Zip(expected, (loss, listed) => Math.Abs(loss - listed) / listed), Is.All.LessThan(1e-4), string.Join(", ", got));
    }

    /// <summary>Observes the winners of each batch just before the step that learns it.</summary>
    private sealed class NextBatches : IDisposable
    {
        private readonly SomAttnModel _model;
        private readonly DeviceImages _images;
        private readonly DeviceBuffer<int> _order;
        private readonly int[] _orderOnHost;
        private int _start;

        public NextBatches(SomAttnModel model, Dataset dataset)
        {
            _orderOnHost = new int[dataset.Train.Count];
            Shuffle.Fill(Settings.Seed, 0, _orderOnHost);
            _model = model;
            _images = new DeviceImages(model.Backend, dataset.Train, Settings.BatchSize);
            _order = model.Backend.Allocate<int>(_orderOnHost.Length);
            _order.CopyFrom(_orderOnHost);
        }

        /// <summary>The smallest gap between the squared distances of the best and the second unit, relative to the latter.</summary>
        public double SmallestGap()
        {
            int batch = Settings.BatchSize;
            DeviceView<float> images = _images.Gather(_order.View.Slice(_start, batch), _orderOnHost.AsSpan(_start, batch));
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
