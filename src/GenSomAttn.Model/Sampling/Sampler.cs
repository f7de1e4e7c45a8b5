using GenSomAttn.Backends;
using GenSomAttn.Kernels;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Sampling;

/// <summary>Decoder of given latent vectors and sampler of models without a map.</summary>
public sealed class Sampler(GenerativeModel model)
{
    /// <summary>Draws z ~ N(0, temperature²), the prior of a VAE.</summary>
    /// <param name="request">Number and seed.</param>
    /// <param name="temperature">Standard deviation, at least 0; 1 for the prior of the training.</param>
    public SampledImages Prior(SampleRequest request, double temperature)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        SampleRequest.CheckAtLeastZero("Temperature", temperature);
        float[] codes = Array.ConvertAll(DrawNoise(request), value => (float)(temperature * value));
        return new SampledImages(request.Count, Decode(codes), codes);
    }

    /// <summary>Draws z from a mixture of normal distributions.</summary>
    /// <param name="request">Number and seed.</param>
    /// <param name="mixture">Mixture, fitted to the codes of the training images.</param>
    /// <param name="temperature">Scale of the deviations from the mean of a component, at least 0.</param>
    public SampledImages Mixture(SampleRequest request, GaussianMixture mixture, double temperature)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(mixture);
        request.Validate();
        SampleRequest.CheckAtLeastZero("Temperature", temperature);
        float[] codes = mixture.Sample(request.Count, request.Seed, temperature);
        return new SampledImages(request.Count, Decode(codes), codes);
    }

    /// <summary>Decodes any number of latent vectors, (N, D) to (N, S·S·C), in batches.</summary>
    public float[] Decode(ReadOnlySpan<float> codes)
    {
        int dimension = model.Settings.Latent;
        int count = codes.Length / dimension;
        float[] pixels = new float[count * model.Shape.Length];
        using DeviceBuffer<float> onDevice = model.Backend.Allocate<float>(model.MaxDecode * dimension);
        for (int start = 0; start < count; start += model.MaxDecode)
        {
            int batch = Math.Min(model.MaxDecode, count - start);
            DeviceView<float> part = onDevice.View.First(batch * dimension);
            part.CopyFrom(codes.Slice(start * dimension, batch * dimension));
            model.Decode(part, batch).CopyTo(pixels.AsSpan(start * model.Shape.Length, batch * model.Shape.Length));
        }

        return pixels;
    }

    /// <summary>Draws standard normal numbers, (count, D).</summary>
    internal float[] DrawNoise(SampleRequest request)
    {
        float[] noise = new float[request.Count * model.Settings.Latent];
        var key = new RandomKey(request.Seed, RandomPurpose.SampleNoise, 0);
        for (int i = 0; i < noise.Length; i++)
        {
            noise[i] = Philox.Normal(key, (uint)i);
        }

        return noise;
    }
}
