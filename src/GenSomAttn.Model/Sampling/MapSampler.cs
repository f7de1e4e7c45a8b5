using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Sampling;

/// <summary>Sampler of a map: draws latent vectors around its units and decodes them.</summary>
public sealed class MapSampler(SomAttnModel model)
{
    /// <summary>
    /// Default noise σ of <see cref="Isotropic"/>, a standard deviation in the latent space (not the neighborhood width): images stay
    /// recognizable and yet differ from their unit's prototype.
    /// </summary>
    public const double DefaultSigma = 0.1;

    private readonly Sampler _sampler = new(model);

    /// <summary>
    /// Draws z = w + ε with ε ~ N(0, σ²), around the codebook vector w of a unit; without a given unit, uniformly over units.
    /// </summary>
    /// <param name="request">Number, seed and unit.</param>
    /// <param name="sigma">Noise σ: standard deviation in each latent dimension, at least 0; not the neighborhood width.</param>
    public SampledImages Isotropic(SampleRequest request, double sigma)
    {
        ArgumentNullException.ThrowIfNull(request);
        SampleRequest.CheckAtLeastZero("Sigma", sigma);
        int units = model.Map.Units;
        float[] codebook = model.Map.Codebook.ToArray();
        int[] drawn = DrawUnits(request, bits => (int)(((ulong)bits * (ulong)units) >> 32));
        float[] codes = _sampler.DrawNoise(request);
        for (int n = 0; n < request.Count; n++)
        {
            Span<float> code = Row(codes, n);
            ReadOnlySpan<float> center = Row(codebook, drawn[n]);
            for (int d = 0; d < code.Length; d++)
            {
                code[d] = center[d] + (float)(sigma * code[d]);
            }
        }

        return new SampledImages(request.Count, _sampler.Decode(codes), codes, drawn);
    }

    /// <summary>Draws z from the mixture component of a unit; without a given unit, units are drawn by their weights.</summary>
    /// <param name="request">Number, seed and unit.</param>
    /// <param name="density">The fitted density.</param>
    /// <param name="temperature">Scale of the deviations from the mean, at least 0; below 1 for cleaner, less diverse images.</param>
    /// <exception cref="ArgumentException">The unit has no hits.</exception>
    public SampledImages Density(SampleRequest request, MapDensity density, double temperature)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(density);
        SampleRequest.CheckAtLeastZero("Temperature", temperature);
        int[] drawn = DrawUnits(request, bits => density.UnitAt(bits / 4294967296.0));
        float[] codes = _sampler.DrawNoise(request);
        float[] noise = new float[model.Settings.Latent];
        for (int n = 0; n < request.Count; n++)
        {
            Span<float> code = Row(codes, n);
            code.CopyTo(noise);
            density.Transform(drawn[n], noise, temperature, code);
        }

        return new SampledImages(request.Count, _sampler.Decode(codes), codes, drawn);
    }

    /// <summary>
    /// Decodes the path along the straight line on the map between two units, drawn by their hits; the first may be given.
    /// </summary>
    /// <param name="request">Number, seed and first unit.</param>
    /// <param name="density">Hits of each unit.</param>
    /// <exception cref="ArgumentException">The request is for fewer than two images.</exception>
    public SampledImages Walk(SampleRequest request, MapDensity density)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(density);
        if (request.Count < 2)
        {
            (SettingName count, SettingName sampler) = (new(nameof(request.Count)), new("Sampler"));
            throw new SettingException($"{count} {request.Count} is too few for {sampler} walk: give at least 2.");
        }

        int[] ends = DrawUnits(request with { Count = 2, Unit = null }, bits => UnitOfHit(density.Hits, bits));
        int from = request.Unit ?? ends[0];
        CheckUnit(from);
        float[] codes = MapPath.Between(
            model.Map.Codebook.ToArray(), model.Map.Width, model.Map.Dimension, from, ends[1], request.Count);
        return new SampledImages(request.Count, _sampler.Decode(codes), codes);
    }

    /// <summary>Decodes all codebook vectors, (U, S·S·C).</summary>
    public float[] Prototypes() => _sampler.Decode(model.Map.Codebook.ToArray());

    private static int UnitOfHit(ReadOnlySpan<int> hits, uint bits)
    {
        uint total = 0;
        foreach (int count in hits)
        {
            total += (uint)count;
        }

        uint hit = (uint)(((ulong)bits * total) >> 32);
        int unit = 0;
        while (hit >= hits[unit])
        {
            hit -= (uint)hits[unit];
            unit++;
        }

        return unit;
    }

    private int[] DrawUnits(SampleRequest request, Func<uint, int> choose)
    {
        request.Validate();
        int[] drawn = new int[request.Count];
        var key = new RandomKey(request.Seed, RandomPurpose.SampleUnit, 0);
        for (int n = 0; n < drawn.Length; n++)
        {
            drawn[n] = request.Unit ?? choose(Philox.Bits(key, (uint)n));
        }

        CheckUnit(drawn[0]);
        return drawn;
    }

    private Span<float> Row(float[] rows, int row) => rows.AsSpan(row * model.Settings.Latent, model.Settings.Latent);

    private void CheckUnit(int unit)
    {
        if (unit < 0 || unit >= model.Map.Units)
        {
            throw new ArgumentException(
                $"Unit {unit} is not on the map: it has {model.Map.Units} units, {model.Map.Height} rows of {model.Map.Width}.");
        }
    }
}
