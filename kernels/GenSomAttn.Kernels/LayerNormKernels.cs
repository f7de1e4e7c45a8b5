using GenSomAttn.Kernels.Arithmetic;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>Kernels of layer normalization. One group takes one row; its threads take elements with a stride of the group size.</summary>
public static class LayerNormKernels
{
    /// <summary>Computes output = (input - mean) · invStd · weight + bias; saves mean and invStd = 1/√(variance + ε) of the row.</summary>
    public static void Forward(
        ArrayView<float> input, ArrayView<float> weight, ArrayView<float> bias, int length, float epsilon,
        ArrayView<float> output, ArrayView<float> savedMean, ArrayView<float> savedInvStd)
    {
        int row = Grid.IdxX;
        int start = row * length;
        float part = 0;
        for (int i = Group.IdxX; i < length; i += Group.DimX)
        {
            part += input[start + i];
        }

        // The variance is computed about the mean, in a second pass: mean of squares less square of mean would cancel.
        float mean = GroupReduction.Sum(part) / length;
        part = 0;
        for (int i = Group.IdxX; i < length; i += Group.DimX)
        {
            float centered = input[start + i] - mean;
            part = DeviceMath.Fma(centered, centered, part);
        }

        float invStd = 1 / MathF.Sqrt((GroupReduction.Sum(part) / length) + epsilon);
        for (int i = Group.IdxX; i < length; i += Group.DimX)
        {
            output[start + i] = DeviceMath.Fma((input[start + i] - mean) * invStd, weight[i], bias[i]);
        }

        if (Group.IdxX == 0)
        {
            savedMean[row] = mean;
            savedInvStd[row] = invStd;
        }
    }

    /// <summary>
    /// Computes dInput = invStd · (g - mean(g) - x̂ · mean(g · x̂)) with x̂ = (input - mean) · invStd and g = dOutput · weight.
    /// </summary>
    public static void BackwardInput(
        ArrayView<float> dOutput, ArrayView<float> input, ArrayView<float> weight, ArrayView<float> savedMean,
        ArrayView<float> savedInvStd, int length, ArrayView<float> dInput)
    {
        int row = Grid.IdxX;
        int start = row * length;
        float mean = savedMean[row];
        float invStd = savedInvStd[row];
        float partG = 0, partGNormalized = 0;
        for (int i = Group.IdxX; i < length; i += Group.DimX)
        {
            float g = dOutput[start + i] * weight[i];
            partG += g;
            partGNormalized = DeviceMath.Fma(g, (input[start + i] - mean) * invStd, partGNormalized);
        }

        float meanG = GroupReduction.Sum(partG) / length;
        float meanGNormalized = GroupReduction.Sum(partGNormalized) / length;
        for (int i = Group.IdxX; i < length; i += Group.DimX)
        {
            float normalized = (input[start + i] - mean) * invStd;
            float g = dOutput[start + i] * weight[i];
            dInput[start + i] = invStd * DeviceMath.Fma(-normalized, meanGNormalized, g - meanG);
        }
    }
}
