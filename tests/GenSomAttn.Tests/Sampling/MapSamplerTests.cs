using GenSomAttn.Backends;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Sampling;

/// <summary>Generated images: their number, equality for equal seeds, and the spread of their codes.</summary>
public sealed class MapSamplerTests : IDisposable
{
    private const int Units = 6;
    private const int Latent = 8;
    private readonly Backend<float> _backend = AllBackends.Create("cpu");
    private SomAttnModel _model = null!;
    private MapSampler _sampler = null!;

    [OneTimeSetUp]
    public void BuildModel()
    {
        TrainingSettings settings = new() { Latent = Latent, MapHeight = 2, MapWidth = 3, BatchSize = 16 };
        _model = new SomAttnModel(_backend, settings, new(8, 1));
        _model.Initialize();
        _sampler = new MapSampler(_model);
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        _model.Dispose();
        _backend.Dispose();
    }

    [TestCase(1)]
    [TestCase(33)]
    public void Isotropic_SameSeed_GivesTheSameImages(int count)
    {
        SampledImages first = _sampler.Isotropic(new SampleRequest(count, 1), 0.5);
        SampledImages again = _sampler.Isotropic(new SampleRequest(count, 1), 0.5);
        SampledImages other = _sampler.Isotropic(new SampleRequest(count, 2), 0.5);

        Assert.That(first.Pixels.Length, Is.EqualTo(count * 64));
        Compare.SameBits("pixels", again.Pixels.Span, first.Pixels.Span);
        Assert.That(other.Pixels.ToArray(), Is.Not.EqualTo(first.Pixels.ToArray()));
        Assert.That(first.Pixels.ToArray(), Is.All.InRange(0f, 1f));
    }

    [Test]
    public void Isotropic_MoreImages_StartsWithTheSame()
    {
        float[] few = _sampler.Isotropic(new SampleRequest(5, 1), 0.5).Pixels.ToArray();
        float[] many = _sampler.Isotropic(new SampleRequest(50, 1), 0.5).Pixels.ToArray();

        Assert.That(many[..few.Length], Is.EqualTo(few).Within(1e-6));
    }

    [Test]
    public void Isotropic_ManyImages_SpreadAroundAllUnitsAlike()
    {
        const int Count = 3000;
        SampledImages sampled = _sampler.Isotropic(new SampleRequest(Count, 5), 0.5);

        float[] codebook = _model.Map.Codebook.ToArray();
        double squares = 0;
        for (int i = 0; i < Count * Latent; i++)
        {
            int unit = sampled.Units.Span[i / Latent];
            squares += Math.Pow(sampled.Codes.Span[i] - codebook[(unit * Latent) + (i % Latent)], 2);
        }

        // 24,000 numbers: the standard error of their standard deviation is half a percent. 500 ± 20 images per unit.
        Assert.That(Math.Sqrt(squares / (Count * Latent)), Is.EqualTo(0.5).Within(0.01));
        Assert.That(sampled.Units.ToArray().CountBy(unit => unit).Select(pair => pair.Value), Has.Exactly(Units).InRange(420, 580));
    }

    [Test]
    public void Isotropic_NoNoise_GivesThePrototypes()
    {
        float[] prototypes = _sampler.Prototypes();
        SampledImages sampled = _sampler.Isotropic(new SampleRequest(3, 9, Unit: 4), 0);

        Assert.That(sampled.Units.ToArray(), Is.All.EqualTo(4));
        for (int n = 0; n < 3; n++)
        {
            Assert.That(sampled.Pixels.ToArray()[(n * 64)..((n + 1) * 64)], Is.EqualTo(prototypes[(4 * 64)..(5 * 64)]).Within(1e-6));
        }
    }

    [Test]
    public void Density_ManyImages_DrawsUnitsAsOftenAsTheyWin()
    {
        // Unit 1 wins one image in four, unit 5 three.
        float[] codes = [.. Enumerable.Range(0, 4 * Latent).Select(i => (float)(i / Latent))];
        var density = MapDensity.Fit(Coded(codes, 1, 5, 5, 5), Units);

        SampledImages sampled = _sampler.Density(new SampleRequest(2000, 3), density, 1);

        Assert.That(sampled.Units.ToArray().Count(unit => unit == 1), Is.EqualTo(500).Within(80));
        Assert.That(sampled.Units.ToArray().Count(unit => unit == 5), Is.EqualTo(1500).Within(80));
        Assert.That(sampled.Codes.Span[..Latent].ToArray(), Is.Not.All.EqualTo(0));
        Compare.SameBits(
            "pixels", _sampler.Density(new SampleRequest(2000, 3), density, 1).Pixels.Span, sampled.Pixels.Span);
    }

    [Test]
    public void Density_Temperature_ScalesTheDeviationsFromTheMean()
    {
        var density = MapDensity.Fit(Coded(Draw.Normal(20 * Latent, 1), new int[20]), Units);
        float[] mean = _sampler.Density(new SampleRequest(5, 3), density, 0).Codes.ToArray();
        float[] whole = _sampler.Density(new SampleRequest(5, 3), density, 1).Codes.ToArray();
        float[] quarter = _sampler.Density(new SampleRequest(5, 3), density, 0.25).Codes.ToArray();

        // Codes of size up to 4 are rounded to float.
        Assert.That(quarter, Is.EqualTo(mean.Zip(whole, (center, code) => center + (0.25 * (code - center)))).Within(1e-6));
        Assert.That(whole, Is.Not.EqualTo(mean).Within(0.1));
    }

    [Test]
    public void Isotropic_OtherSeed_DrawsOtherUnits()
    {
        int[] units = _sampler.Isotropic(new SampleRequest(33, 1), 0.5).Units.ToArray();

        Assert.That(_sampler.Isotropic(new SampleRequest(33, 2), 0.5).Units.ToArray(), Is.Not.EqualTo(units));
    }

    [Test]
    public void Sample_BadRequests_AreRefused()
    {
        var density = MapDensity.Fit(Coded(new float[Latent], 1), Units);

        (Action Call, string Said)[] refused =
        [
            (() => _sampler.Isotropic(new SampleRequest(0, 1), 0.5), "count"),
            (() => _sampler.Isotropic(new SampleRequest(1, 1, Units), 0.5), "Unit 6"),
            (() => _sampler.Isotropic(new SampleRequest(1, 1, -1), 0.5), "Unit -1"),
            (() => _sampler.Isotropic(new SampleRequest(1, 1), double.NaN), "sigma"),
            (() => _sampler.Density(new SampleRequest(1, 1), density, -1), "temperature"),
            (() => _sampler.Density(new SampleRequest(1, 1, 0), density, 1), "Unit 0"),
        ];

        foreach ((Action call, string said) in refused)
        {
            Assert.That(call, Throws.InstanceOf<ArgumentException>().With.Message.Contains(said));
        }
    }

    [Test]
    public void Walk_FromAUnit_BeginsAndEndsOnPrototypes()
    {
        float[] prototypes = _sampler.Prototypes();
        MapDensity density = MapDensity.Fit(Coded([.. Enumerable.Range(0, 6 * 8).Select(i => i / 7f)], 0, 1, 2, 3, 4, 5), 6);

        ReadOnlySpan<float> walk = _sampler.Walk(new SampleRequest(7, 3, Unit: 2), density).Pixels.Span;

        Assert.That(walk.Length, Is.EqualTo(7 * 64));
        Assert.That(walk[..64].ToArray(), Is.EqualTo(prototypes[128..192]).Within(1e-6));
        float[] end = walk[^64..].ToArray();
        Assert.That(Enumerable.Range(0, 6).Min(unit => Distance(end, prototypes.AsSpan(unit * 64, 64))), Is.LessThan(1e-5));
        Assert.That(() => _sampler.Walk(new SampleRequest(7, 3, Unit: 6), density), Throws.ArgumentException);
        Assert.That(() => _sampler.Walk(new SampleRequest(1, 3), density), Throws.TypeOf<SettingException>());
    }

    [Test]
    public void Walk_WithoutAUnit_HasBothEndsAsOftenAsTheyWin()
    {
        // Unit 1 wins one image in four, unit 4 three.
        const int Walks = 400;
        float[] codebook = _model.Map.Codebook.ToArray();
        var density = MapDensity.Fit(Coded([.. Enumerable.Range(0, 4 * Latent).Select(i => i / 7f)], 4, 1, 4, 4), Units);
        int UnitOf(ReadOnlySpan<float> code)
        {
            float[] vector = code.ToArray();
            return Enumerable.Range(0, Units).First(unit => codebook.AsSpan(unit * Latent, Latent).SequenceEqual(vector));
        }

        (int First, int Last)[] ends =
        [
            .. Enumerable.Range(0, Walks).Select(seed => _sampler.Walk(new SampleRequest(2, (ulong)seed), density).Codes)
                .Select(codes => (UnitOf(codes.Span[..Latent]), UnitOf(codes.Span[Latent..]))),
        ];

        // 300 of 400 with a standard deviation of 9; ends that differ are 2 · 1/4 · 3/4, 150 of 400 with one of 10.
        Assert.That(ends.Select(walk => walk.First).Concat(ends.Select(walk => walk.Last)).Distinct(), Is.EquivalentTo([1, 4]));
        Assert.That(ends.Count(walk => walk.First == 4), Is.EqualTo(300).Within(45));
        Assert.That(ends.Count(walk => walk.Last == 4), Is.EqualTo(300).Within(45));
        Assert.That(ends.Count(walk => walk.First != walk.Last), Is.EqualTo(150).Within(50));
    }

    private static double Distance(float[] left, ReadOnlySpan<float> right)
    {
        double largest = 0;
        for (int i = 0; i < left.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(left[i] - right[i]));
        }

        return largest;
    }

    private static CodedImages Coded(float[] codes, params int[] bmu) => new(codes, bmu);
}
