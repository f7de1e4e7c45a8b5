using GenSomAttn.Backends;
using GenSomAttn.Model;
using GenSomAttn.Model.Baselines;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Training;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Sampling;

/// <summary>What models without a map generate.</summary>
public sealed class SamplerTests : IDisposable
{
    private const int Latent = 8;
    private const int Pixels = 64;
    private readonly IBackend _backend = AllBackends.Create("cpu");
    private AutoencoderModel _model = null!;
    private Sampler _sampler = null!;

    [OneTimeSetUp]
    public void BuildModel()
    {
        _model = new AutoencoderModel(_backend, new TrainingSettings { Model = ModelKind.Ae, Latent = Latent, BatchSize = 4 }, 8);
        _model.Initialize();
        _sampler = new Sampler(_model);
    }

    [OneTimeTearDown]
    public void Dispose()
    {
        _model.Dispose();
        _backend.Dispose();
    }

    [Test]
    public void Prior_Temperature_IsTheStandardDeviation()
    {
        float[] codes = _sampler.Prior(new SampleRequest(3000, 5), 0.5).Codes.ToArray();

        // Of 24,000 numbers the mean is known to 0.0032, the deviation to half a percent.
        Assert.That(codes.Average(code => (double)code), Is.Zero.Within(0.015));
        Assert.That(Math.Sqrt(codes.Average(code => (double)code * code)), Is.EqualTo(0.5).Within(0.01));
    }

    [Test]
    public void Prior_Seed_DecidesTheCodes()
    {
        float[] codes = _sampler.Prior(new SampleRequest(3, 5), 1).Codes.ToArray();

        Compare.SameBits("codes", _sampler.Prior(new SampleRequest(3, 5), 1).Codes.Span, codes);
        Assert.That(_sampler.Prior(new SampleRequest(3, 6), 1).Codes.ToArray(), Is.Not.EqualTo(codes));
        Assert.That(codes, Is.Unique, "each image and each element has its own noise");
    }

    [Test]
    public void Mixture_SeedAndTemperature_AreThoseThatItSamplesWith()
    {
        var mixture = GaussianMixture.Fit(new Rows<float>(Draw.Normal(30 * Latent, 1), Latent), 2, seed: 3);

        SampledImages sampled = _sampler.Mixture(new SampleRequest(9, 5), mixture, 0.5);

        Compare.SameBits("codes", sampled.Codes.Span, mixture.Sample(9, 5, 0.5));
        Compare.SameBits("pixels", sampled.Pixels.Span, _sampler.Decode(sampled.Codes.Span));
    }

    [Test]
    public void Decode_MoreThanABatch_IsWhatEachCodeAloneGives()
    {
        // Two whole batches and one image.
        const int Count = 9;
        float[] codes = Draw.Normal(Count * Latent, 2);
        float[] pixels = _sampler.Decode(codes);

        Assert.That(pixels, Has.Length.EqualTo(Count * Pixels));
        for (int n = 0; n < Count; n++)
        {
            float[] alone = _sampler.Decode(codes.AsSpan(n * Latent, Latent));
            Assert.That(pixels[(n * Pixels)..((n + 1) * Pixels)], Is.EqualTo(alone).Within(1e-6), $"image {n}");
        }

        // Untrained, but not blind to its codes.
        Assert.That(Enumerable.Range(1, Count - 1).Select(n => pixels[n * Pixels]), Is.All.Not.EqualTo(pixels[0]).Within(1e-5));
    }
}
