using GenSomAttn.Kernels.Arithmetic;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>Kernels of softmax. One group takes one row; its threads take elements with a stride of the group size.</summary>
public static class SoftmaxKernels
{
    /// <summary>Computes output[i] = exp(input[i] - max) / Σ exp(input[j] - max).</summary>
    public static void Forward(ArrayView<float> input, int length, ArrayView<float> output)
    {
        int start = Grid.IdxX * length;
        float largest = float.NegativeInfinity;
        for (int i = Group.IdxX; i < length; i += Group.DimX)
        {
            float x = input[start + i];
            largest = x > largest ? x : largest;
        }

        float max = GroupReduction.Max(largest);
        float part = 0;
        for (int i = Group.IdxX; i < length; i += Group.DimX)
        {
            float e = DeviceMath.Exp(input[start + i] - max);
            output[start + i] = e;
            part += e;
        }

        float sum = GroupReduction.Sum(part);
        for (int i = Group.IdxX; i < length; i += Group.DimX)
        {
            output[start + i] /= sum;
        }
    }

    /// <summary>Computes dInput[i] = output[i] · (dOutput[i] - Σ over j of dOutput[j] · output[j]).</summary>
    /// <remarks>
    /// Jacobian: ∂output[j]/∂input[i] = output[j] · (δ_ij - output[i]), with δ_ij = 1 for i = j, else 0. Contracted with the gradient of
    /// the output:
    /// dInput[i] = Σ over j of dOutput[j] · output[j] · (δ_ij - output[i])
    /// = output[i] · (dOutput[i] - Σ over j of dOutput[j] · output[j]).
    /// </remarks>
    public static void Backward(ArrayView<float> dOutput, ArrayView<float> output, int length, ArrayView<float> dInput)
    {
        int start = Grid.IdxX * length;
        float part = 0;
        for (int i = Group.IdxX; i < length; i += Group.DimX)
        {
            part = DeviceMath.Fma(dOutput[start + i], output[start + i], part);
        }

        float dot = GroupReduction.Sum(part);
        for (int i = Group.IdxX; i < length; i += Group.DimX)
        {
            dInput[start + i] = output[start + i] * (dOutput[start + i] - dot);
        }
    }
}
