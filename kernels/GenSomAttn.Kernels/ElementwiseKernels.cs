using GenSomAttn.Kernels.Arithmetic;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>Kernels of sums, fills and samples of Gaussians. One thread computes one element.</summary>
public static class ElementwiseKernels
{
    /// <summary>Computes sum[i] = left[i] + right[i].</summary>
    public static void Add(ArrayView<float> left, ArrayView<float> right, ArrayView<float> sum)
    {
        int i = Grid.GlobalIndex.X;
        if (i < sum.IntLength)
        {
            sum[i] = left[i] + right[i];
        }
    }

    /// <summary>Computes output[i] = value.</summary>
    public static void Fill(float value, ArrayView<float> output)
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            output[i] = value;
        }
    }

    /// <summary>Computes sample[i] = mean[i] + exp(½ logVariance[i]) · noise[i].</summary>
    public static void GaussianSample(
        ArrayView<float> mean, ArrayView<float> logVariance, ArrayView<float> noise, ArrayView<float> sample)
    {
        int i = Grid.GlobalIndex.X;
        if (i < sample.IntLength)
        {
            sample[i] = DeviceMath.Fma(DeviceMath.Exp(0.5f * logVariance[i]), noise[i], mean[i]);
        }
    }

    /// <summary>
    /// Computes the gradients of <see cref="GaussianSample"/>: dMean[i] += dSample[i]; dLogVariance[i] += dSample[i] ·
    /// noise[i] · ½ exp(½ logVariance[i]).
    /// </summary>
    public static void GaussianSampleGradient(
        ArrayView<float> dSample, ArrayView<float> logVariance, ArrayView<float> noise,
        ArrayView<float> dMean, ArrayView<float> dLogVariance)
    {
        int i = Grid.GlobalIndex.X;
        if (i < dSample.IntLength)
        {
            dMean[i] += dSample[i];
            float slope = 0.5f * DeviceMath.Exp(0.5f * logVariance[i]);
            dLogVariance[i] = DeviceMath.Fma(dSample[i] * noise[i], slope, dLogVariance[i]);
        }
    }
}
