using GenSomAttn.Model.Baselines;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Sampling;

/// <summary>Draws new images in any of the ways that a model knows. What a way needs of the training images is fitted once, when it is first used.</summary>
/// <param name="model">The trained model.</param>
/// <param name="train">The training images as the model encodes them.</param>
/// <param name="note">Takes what is to be said where there are fewer different codes than a mixture should have components.</param>
public sealed class ImageSampler(GenerativeModel model, Lazy<CodedImages> train, Action<string> note)
{
    /// <summary>Components of the mixture: as many as the default map has units.</summary>
    private const int Components = 144;

    private MapDensity? _density;
    private GaussianMixture? _mixture;
    private bool _isMapNoted;

    /// <summary>The ways of a model; none for one that makes no images.</summary>
    public static IReadOnlyList<SamplerKind> KindsOf(ModelKind model) => model switch
    {
        ModelKind.SomAttn => [SamplerKind.Isotropic, SamplerKind.Density, SamplerKind.Walk],
        ModelKind.Vae => [SamplerKind.Prior],
        ModelKind.Ae => [SamplerKind.Mixture],
        _ => [],
    };

    /// <summary>The way of a model that is taken where none is named: on a map density, whose images are nearer to real ones.</summary>
    public static SamplerKind DefaultOf(ModelKind model) => model == ModelKind.SomAttn ? SamplerKind.Density : KindsOf(model)[0];

    /// <summary>Draws images.</summary>
    /// <param name="kind">The way; one of <see cref="KindsOf"/>.</param>
    /// <param name="request">How many, with which seed, and around which unit.</param>
    /// <param name="scale">σ of the isotropic way, else the temperature; null for the default.</param>
    /// <exception cref="ArgumentException">The model does not know the way, or the request does not fit it.</exception>
    public SampledImages Draw(SamplerKind kind, SampleRequest request, double? scale = null) => (kind, model) switch
    {
        (SamplerKind.Isotropic, SomAttnModel map) => new MapSampler(map).Isotropic(request, scale ?? MapSampler.DefaultSigma),
        (SamplerKind.Density, SomAttnModel map) => new MapSampler(map).Density(request, Mixture(map), scale ?? 1),
        (SamplerKind.Walk, SomAttnModel map) => new MapSampler(map).Walk(request, Density(map)),
        (SamplerKind.Prior, VaeModel) => new Sampler(model).Prior(request, scale ?? 1),
        (SamplerKind.Mixture, AutoencoderModel) => new Sampler(model).Mixture(request, Mixture(), scale ?? 1),
        _ => throw new ArgumentException($"--sampler {kind.ToString().ToLowerInvariant()} is none of this model's."),
    };

    private GaussianMixture Mixture()
    {
        if (_mixture is null)
        {
            var codes = new Rows<float>(train.Value.Codes, model.CodeLength);
            _mixture = GaussianMixture.Fit(codes, Components, model.Settings.Seed);
            NoteFewer("the autoencoder's mixture", _mixture.Weights.Length, "", Components);
        }

        return _mixture;
    }

    /// <summary>As <see cref="Density"/>, of which the distributions are used: one for each unit that wins an image.</summary>
    private MapDensity Mixture(SomAttnModel map)
    {
        MapDensity density = Density(map);
        if (!_isMapNoted)
        {
            _isMapNoted = true;
            int used = density.Hits.Length - density.Hits.Count(0);
            NoteFewer("the map's mixture", used, ", one for each unit that wins an image", map.Map.Units);
        }

        return density;
    }

    private void NoteFewer(string mixture, int components, string reason, int wanted)
    {
        int different = DifferentVectors.Count(train.Value.Codes, model.CodeLength, wanted);
        if (different < wanted)
        {
            string has = DifferentVectors.Counted(components, "component");
            note($"{mixture} has {has}{reason}, not {wanted}: {DifferentVectors.Only(different, "code")}");
        }
    }

    private MapDensity Density(SomAttnModel map) => _density ??= MapDensity.Fit(train.Value, map.Map.Units);
}
