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

    /// <summary>Draws images.</summary>
    /// <param name="kind">The sampler; one of <see cref="ModelTraits.Samplers"/>.</param>
    /// <param name="request">Number, seed and unit.</param>
    /// <param name="scale">Noise σ of the isotropic sampler, temperature of the others; null for the default.</param>
    /// <exception cref="ArgumentException">The sampler does not apply to the model, or the request is invalid for it.</exception>
    public SampledImages Draw(SamplerKind kind, SampleRequest request, double? scale = null)
    {
        if (!ModelTraits.Of(model.Settings.Model).Samplers.Contains(kind))
        {
            throw new SettingException($"{new SettingName("Sampler")} {kind.ToString().ToLowerInvariant()} does not apply to this model.");
        }

        return kind switch
        {
            SamplerKind.Isotropic => OnMap.Isotropic(request, scale ?? MapSampler.DefaultSigma),
            SamplerKind.Density => OnMap.Density(request, NotedDensity(), scale ?? 1),
            SamplerKind.Walk => OnMap.Walk(request, Density()),
            SamplerKind.Prior => new Sampler(model).Prior(request, scale ?? 1),
            _ => new Sampler(model).Mixture(request, Mixture(), scale ?? 1),
        };
    }

    private MapSampler OnMap => new((SomAttnModel)model);

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
    private MapDensity NotedDensity()
    {
        MapDensity density = Density();
        if (!_isMapNoted)
        {
            _isMapNoted = true;
            int used = density.Hits.Length - density.Hits.Count(0);
            NoteFewer("the map's mixture", used, ", one for each unit that wins an image", density.Hits.Length);
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

    private MapDensity Density() => _density ??= MapDensity.Fit(train.Value, model.Map!.Units);
}
