using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Sampling;

/// <summary>
/// Generator of new images with any sampler of a model. A sampler's density is fitted to the training images at its first use.
/// </summary>
/// <param name="model">The trained model.</param>
/// <param name="train">Codes of the training images.</param>
/// <param name="note">Called with a note if there are fewer distinct codes than components of a mixture.</param>
public sealed class ImageSampler(GenerativeModel model, Lazy<CodedImages> train, Action<string> note)
{
    /// <summary>Number of components of the mixture: the units of the default map.</summary>
    private const int Components = 144;

    private MapDensity? _density;
    private GaussianMixture? _mixture;
    private bool _isMapNoted;

    /// <summary>Returns the samplers of a model; none for a model without a decoder.</summary>
    public static IReadOnlyList<SamplerKind> KindsOf(ModelKind model) => model switch
    {
        ModelKind.SomAttn => [SamplerKind.Isotropic, SamplerKind.Density, SamplerKind.Walk],
        ModelKind.Vae => [SamplerKind.Prior],
        ModelKind.Ae => [SamplerKind.Mixture],
        _ => [],
    };

    /// <summary>Returns the default sampler of a model: for a map the density, whose images are nearer to real ones.</summary>
    public static SamplerKind DefaultOf(ModelKind model) => model == ModelKind.SomAttn ? SamplerKind.Density : KindsOf(model)[0];

    /// <summary>Draws images.</summary>
    /// <param name="kind">The sampler; one of <see cref="KindsOf"/>.</param>
    /// <param name="request">Number, seed and unit.</param>
    /// <param name="scale">Noise σ of the isotropic sampler, temperature of the others; null for the default.</param>
    /// <exception cref="ArgumentException">The sampler does not apply to the model, or the request is invalid for it.</exception>
    public SampledImages Draw(SamplerKind kind, SampleRequest request, double? scale = null) => (kind, model) switch
    {
        (SamplerKind.Isotropic, SomAttnModel map) => new MapSampler(map).Isotropic(request, scale ?? MapSampler.DefaultSigma),
        (SamplerKind.Density, SomAttnModel map) => new MapSampler(map).Density(request, Mixture(map), scale ?? 1),
        (SamplerKind.Walk, SomAttnModel map) => new MapSampler(map).Walk(request, Density(map)),
        (SamplerKind.Prior, VaeModel) => new Sampler(model).Prior(request, scale ?? 1),
        (SamplerKind.Mixture, AutoencoderModel) => new Sampler(model).Mixture(request, Mixture(), scale ?? 1),
        _ => throw new ArgumentException($"--sampler {kind.ToString().ToLowerInvariant()} does not apply to this model."),
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

    /// <summary>
    /// Returns <see cref="Density"/> for use of its mixture, which has one component per unit with hits; notes missing ones.
    /// </summary>
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
