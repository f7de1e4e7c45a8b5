using GenSomAttn.Kernels.Arithmetic;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>The kernel of the optimizer. One thread updates one parameter.</summary>
public static class AdamKernels
{
    /// <summary>Computes m = β₁m + (1-β₁)g; v = β₂v + (1-β₂)g²; p -= rate / (1-β₁ᵗ) · m / (√(v / (1-β₂ᵗ)) + ε).</summary>
    /// <param name="gradient">g.</param>
    /// <param name="decay">β₁, 1-β₁, β₂ and 1-β₂.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="rates">(2): rate / (1-β₁ᵗ) and 1 / (1-β₂ᵗ), which contain the bias correction.</param>
    /// <param name="parameter">p.</param>
    /// <param name="firstMoment">m.</param>
    /// <param name="secondMoment">v.</param>
    public static void Step(
        ArrayView<float> gradient, Float4 decay, float epsilon, ArrayView<float> rates,
        ArrayView<float> parameter, ArrayView<float> firstMoment, ArrayView<float> secondMoment)
    {
        int i = Grid.GlobalIndex.X;
        if (i < parameter.IntLength)
        {
            float g = gradient[i];
            float m = DeviceMath.Fma(decay.X, firstMoment[i], decay.Y * g);
            float v = DeviceMath.Fma(decay.Z, secondMoment[i], decay.W * (g * g));
            firstMoment[i] = m;
            secondMoment[i] = v;
            parameter[i] -= rates[0] * m / (MathF.Sqrt(v * rates[1]) + epsilon);
        }
    }
}
