using GenSomAttn.Backends;
using GenSomAttn.Engine;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Som;

/// <summary>Learning of a map, on every backend.</summary>
[TestFixtureSource(typeof(AllBackends), nameof(AllBackends.Fixtures))]
public sealed class SelfOrganizingMapTests(string accelerator) : IDisposable
{
    private readonly Backend<float> _backend = AllBackends.Create(accelerator);

    [OneTimeTearDown]
    public void Dispose() => _backend.Dispose();

    [Test]
    public void UpdateBatch_AnySamples_MovesTheWinnersCloser()
    {
        using Fixture fixture = new(_backend, new SomShape(33, 3, 5, 7));
        float[] before = fixture.Distances();

        fixture.Update(online: false, eta: 0.1, sigma: 0.5);

        // Each winner moves towards the mean of the samples that it won, so that the mean squared distance decreases.
        Assert.That(fixture.Distances().Average(), Is.LessThan(before.Average() - 0.05));
    }

    [Test]
    public void UpdateOnline_OneSample_MovesEveryUnitCloserAndTheWinnerMost()
    {
        using Fixture fixture = new(_backend, new SomShape(1, 4, 4, 3));
        int winner = fixture.Winners().Bmu.ToArray()[0];
        double[] before = fixture.UnitDistances(0);

        fixture.Update(online: true, eta: 0.3, sigma: 1.5);

        double[] kept = [.. fixture.UnitDistances(0).Zip(before, (after, old) => after / old)];
        Assert.That(kept, Is.All.LessThan(1));
        Assert.That(kept[winner], Is.EqualTo(0.7).Within(1e-5));
        Assert.That(kept.Where((_, unit) => unit != winner), Is.All.GreaterThan(0.7 + 1e-3));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Update_VanishingNeighborhood_MovesOnlyTheWinner(bool online)
    {
        using Fixture fixture = new(_backend, new SomShape(1, 3, 3, 5));
        int winner = fixture.Winners().Bmu.ToArray()[0];
        float[] before = fixture.Map.Codebook.ToArray();

        fixture.Update(online, eta: 0.25, sigma: 1e-3);

        float[] after = fixture.Map.Codebook.ToArray();
        float[] sample = fixture.Samples.ToArray();
        for (int i = 0; i < after.Length; i++)
        {
            float expected = i / 5 == winner ? before[i] + (0.25f * (sample[i % 5] - before[i])) : before[i];
            Assert.That(after[i], Is.EqualTo(expected).Within(i / 5 == winner ? 1e-6 : 0), $"unit {i / 5}");
        }
    }

    [Test]
    public void UpdateBatchAndOnline_OneSampleSmallRate_AreTheSame()
    {
        // 1 - (1 - η)^h = η h + O(η²): for one sample the two rules differ by η² = 1e-6 of the distance.
        SomShape shape = new(1, 4, 5, 6);
        using Fixture batch = new(_backend, shape);
        using Fixture online = new(_backend, shape);
        float[] before = batch.Map.Codebook.ToArray();

        batch.Update(online: false, eta: 1e-3, sigma: 2);
        online.Update(online: true, eta: 1e-3, sigma: 2);

        Assert.That(online.Map.Codebook.ToArray(), Is.EqualTo(batch.Map.Codebook.ToArray()).Within(4e-6));
        Assert.That(online.Map.Codebook.ToArray(), Is.Not.EqualTo(before).Within(4e-6));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Update_MapOfOneUnit_FollowsTheSamples(bool online)
    {
        using Fixture fixture = new(_backend, new SomShape(17, 1, 1, 4));

        for (int step = 0; step < 200; step++)
        {
            fixture.Update(online, eta: 0.01, sigma: 1);
        }

        Winners winners = fixture.Winners();
        Assert.That(winners.Bmu.ToArray(), Is.All.Zero);
        Assert.That(winners.Second.ToArray(), Is.All.EqualTo(-1));
        for (int d = 0; d < 4; d++)
        {
            double mean = fixture.Samples.ToArray().Where((_, i) => i % 4 == d).Average();

            // The online rule ends on a weighted mean: the last samples of the list count a few percent more.
            Assert.That(fixture.Map.Codebook.ToArray()[d], Is.EqualTo(mean).Within(online ? 0.15 : 1e-3));
        }
    }

    [Test]
    public void FindWinners_EqualUnits_TakesTheLowest()
    {
        using Fixture fixture = new(_backend, new SomShape(3, 2, 3, 2));
        fixture.Map.Codebook.CopyFrom([9, 9, 1, 1, 1, 1, 9, 9, 1, 1, 0, 1]);
        fixture.Samples.CopyFrom([1, 1, 0, 1, 9, 9]);

        Winners winners = fixture.Winners();

        Assert.That(winners.Bmu.ToArray(), Is.EqualTo([1, 5, 0]));
        Assert.That(winners.Second.ToArray(), Is.EqualTo([2, 1, 3]));
        Assert.That(winners.SquaredDistances.ToArray(), Is.EqualTo([0f, 0, 0, 1, 0, 0]));
    }

    [Test]
    public void Gather_Units_CopiesTheirVectors()
    {
        using Fixture fixture = new(_backend, new SomShape(3, 2, 3, 2));
        fixture.Map.Codebook.CopyFrom([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        using DeviceBuffer<int> units = _backend.Allocate<int>(3);
        units.CopyFrom([5, 0, 5]);
        using DeviceBuffer<float> vectors = _backend.Allocate<float>(6);

        fixture.Map.Gather(units.View, vectors.View);

        Assert.That(vectors.View.ToArray(), Is.EqualTo([10f, 11, 0, 1, 10, 11]));
    }

    // A bubble below 1 and a parabola at 1 reach no neighbor: their last σ is larger.
    [TestCase(MapLattice.Rectangle, NeighborhoodKind.Gaussian, 0.2)]
    [TestCase(MapLattice.Hexagon, NeighborhoodKind.Gaussian, 0.2)]
    [TestCase(MapLattice.Rectangle, NeighborhoodKind.Bubble, 0.34)]
    [TestCase(MapLattice.Hexagon, NeighborhoodKind.Epanechnikov, 0.5)]
    public void Training_PointsOfASquare_UnfoldsTheMapInOrder(MapLattice lattice, NeighborhoodKind neighborhood, double lastSigma)
    {
        const int Steps = 150;
        using Fixture fixture = new(_backend, new SomShape(64, 6, 6, 2, lattice, MapEdges.Open, neighborhood));
        fixture.Map.Initialize(1);
        for (int step = 0; step < Steps; step++)
        {
            double t = (double)step / Steps;
            fixture.DrawSquare((uint)step);
            fixture.Update(online: false, 0.3 * Math.Pow(0.1, t), 3 * Math.Pow(lastSigma, t));
        }

        fixture.DrawSquare(Steps);
        Winners winners = fixture.Winners();
        int[] hits = MapQuality.Hits(winners.Bmu.ToArray(), 36);

        // 36 units in a unit square lie 1/6 apart: the mean distance of a point to the nearest is 0.38 / 6 at best.
        Assert.That(MapQuality.QuantizationError(winners.SquaredDistances.ToArray()), Is.LessThan(0.11));
        Assert.That(
            MapQuality.TopographicError(winners.Bmu.ToArray(), winners.Second.ToArray(), fixture.Map.Grid, diagonal: true),
            Is.LessThan(0.1));
        Assert.That(MapQuality.UnitsUsed(hits), Is.GreaterThan(24));
    }

    /// <summary>A map with a random codebook, and random samples.</summary>
    private sealed class Fixture : IDisposable
    {
        private readonly DeviceMemory _memory;
        private readonly SomShape _shape;
        private readonly DeviceView<float> _rates;

        public Fixture(Backend<float> backend, SomShape shape)
        {
            _memory = new DeviceMemory(backend);
            _shape = shape;
            Map = new SelfOrganizingMap(backend, _memory, shape);
            Samples = _memory.Take<float>(shape.InputLength);
            _rates = _memory.Take<float>(2);
            backend.RandomNormal(new RandomKey(3, RandomPurpose.Check, 0), Map.Codebook);
            backend.RandomNormal(new RandomKey(3, RandomPurpose.Check, 1), Samples);
        }

        public SelfOrganizingMap Map { get; }

        public DeviceView<float> Samples { get; }

        public Winners Winners() => Map.FindWinners(Samples, _shape.Samples);

        public void Update(bool online, double eta, double sigma)
        {
            _rates.CopyFrom([(float)eta, (float)sigma]);
            if (online)
            {
                Map.UpdateOnline(Samples, _shape.Samples, _rates);
            }
            else
            {
                Map.UpdateBatch(Samples, Winners().Bmu, _rates);
            }
        }

        /// <summary>Returns the squared distances of the samples to their winners.</summary>
        public float[] Distances() => [.. Winners().SquaredDistances.ToArray().Where((_, i) => i % 2 == 0)];

        /// <summary>Returns the distance of every unit to a sample.</summary>
        public double[] UnitDistances(int sample)
        {
            float[] codebook = Map.Codebook.ToArray();
            float[] samples = Samples.ToArray();
            int size = _shape.Dimension;
            return
            [
                .. Enumerable.Range(0, _shape.Units).Select(unit => Math.Sqrt(
                    Enumerable.Range(0, size).Sum(d => Math.Pow((double)codebook[(unit * size) + d] - samples[(sample * size) + d], 2)))),
            ];
        }

        /// <summary>Draws new samples, uniform in the unit square.</summary>
        public void DrawSquare(uint step)
        {
            RandomKey key = new(4, RandomPurpose.Check, step);
            Samples.CopyFrom([.. Enumerable.Range(0, _shape.InputLength).Select(i => Philox.Uniform(key, (uint)i))]);
        }

        public void Dispose() => _memory.Dispose();
    }
}
