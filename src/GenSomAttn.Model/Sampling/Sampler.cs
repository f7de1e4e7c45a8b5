using GenSomAttn.Backends;
using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels;

namespace GenSomAttn.Model.Sampling;

/// <summary>Makes images that were never seen: draws latent vectors around the units of the map and decodes them.</summary>
public sealed class Sampler(SomAttnModel model)
{
    /// <summary>Noise that keeps an image recognizable and yet makes it differ from its unit, for codes as this model makes them.</summary>
    public const double DefaultSigma = 0.1;

    /// <summary>z = w + ε with ε ~ N(0, σ²), around the codebook vector w of a unit; without a unit given, all are equally likely.</summary>
    /// <param name="request">How many, with which seed, around which unit.</param>
    /// <param name="sigma">Standard deviation of the noise in each latent dimension, at least 0.</param>
    public SampledImages Isotropic(SampleRequest request, double sigma)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckAtLeastZero("--sigma", sigma);
        int units = model.Map.Units;
        float[] codebook = model.Map.Codebook.ToArray();
        int[] drawn = DrawUnits(request, bits => (int)(((ulong)bits * (ulong)units) >> 32));
        float[] codes = DrawNoise(request);
        for (int n = 0; n < request.Count; n++)
        {
            Span<float> code = Row(codes, n);
            ReadOnlySpan<float> center = Row(codebook, drawn[n]);
            for (int d = 0; d < code.Length; d++)
            {
                code[d] = center[d] + (float)(sigma * code[d]);
            }
        }

        return new SampledImages(Decode(codes), codes, drawn);
    }

    /// <summary>z from the distribution that a unit wins; without a unit given, units are drawn as often as they win.</summary>
    /// <param name="request">How many, with which seed, around which unit.</param>
    /// <param name="density">The distributions.</param>
    /// <param name="temperature">Scale of the deviations from the mean, at least 0; below 1 for cleaner, less diverse images.</param>
    /// <exception cref="ArgumentException">The unit wins no training image.</exception>
    public SampledImages Density(SampleRequest request, MapDensity density, double temperature)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(density);
        CheckAtLeastZero("--temperature", temperature);
        int[] drawn = DrawUnits(request, bits => UnitOfHit(density.Hits, bits));
        float[] codes = DrawNoise(request);
        float[] noise = new float[model.Settings.Latent];
        for (int n = 0; n < request.Count; n++)
        {
            Span<float> code = Row(codes, n);
            code.CopyTo(noise);
            density.Place(drawn[n], noise, temperature, code);
        }

        return new SampledImages(Decode(codes), codes, drawn);
    }

    /// <summary>Images along the straight line on the map from one unit to another: (steps, S·S).</summary>
    /// <param name="from">First unit.</param>
    /// <param name="to">Last unit.</param>
    /// <param name="steps">Number of images; at least 2.</param>
    public float[] Path(int from, int to, int steps)
    {
        CheckUnit(from);
        CheckUnit(to);
        return Decode(MapPath.Between(model.Map.Codebook.ToArray(), model.Map.Width, model.Map.Dimension, from, to, steps));
    }

    /// <summary>The images of all codebook vectors, (U, S·S).</summary>
    public float[] Prototypes() => Decode(model.Map.Codebook.ToArray());

    /// <summary>Images of any number of latent vectors, (N, D) to (N, S·S).</summary>
    public float[] Decode(ReadOnlySpan<float> codes)
    {
        int dimension = model.Settings.Latent;
        int count = codes.Length / dimension;
        float[] pixels = new float[count * model.PixelsPerImage];
        using DeviceBuffer<float> onDevice = model.Backend.Allocate<float>(model.MaxDecode * dimension);
        for (int start = 0; start < count; start += model.MaxDecode)
        {
            int batch = Math.Min(model.MaxDecode, count - start);
            DeviceView<float> part = onDevice.View.First(batch * dimension);
            part.CopyFrom(codes.Slice(start * dimension, batch * dimension));
            model.Decode(part, batch).CopyTo(pixels.AsSpan(start * model.PixelsPerImage, batch * model.PixelsPerImage));
        }

        return pixels;
    }

    private static void CheckAtLeastZero(string option, double value)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentException($"{option} {value} is out of range: give a number of at least 0.");
        }
    }

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
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.Count, "--count");
        int[] drawn = new int[request.Count];
        var key = new RandomKey(request.Seed, RandomPurpose.SampleUnit, 0);
        for (int n = 0; n < drawn.Length; n++)
        {
            drawn[n] = request.Unit ?? choose(Philox.Bits(key, (uint)n));
        }

        CheckUnit(drawn[0]);
        return drawn;
    }

    private float[] DrawNoise(SampleRequest request)
    {
        float[] noise = new float[request.Count * model.Settings.Latent];
        var key = new RandomKey(request.Seed, RandomPurpose.SampleNoise, 0);
        for (int i = 0; i < noise.Length; i++)
        {
            noise[i] = Philox.Normal(key, (uint)i);
        }

        return noise;
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
