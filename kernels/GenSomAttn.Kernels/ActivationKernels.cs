using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>Kernels of activations. One thread computes one element.</summary>
public static class ActivationKernels
{
    /// <summary>Computes output[i] = max(input[i], 0); NaN stays NaN.</summary>
    public static void ReluForward(ArrayView<float> input, ArrayView<float> output)
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            float x = input[i];
            output[i] = x < 0 ? 0 : x;
        }
    }

    /// <summary>Computes dInput[i] = dOutput[i] where output[i] > 0, else 0.</summary>
    public static void ReluBackward(ArrayView<float> dOutput, ArrayView<float> output, ArrayView<float> dInput)
    {
        int i = Grid.GlobalIndex.X;
        if (i < dInput.IntLength)
        {
            dInput[i] = output[i] > 0 ? dOutput[i] : 0;
        }
    }

    /// <summary>Computes output[i] = 1 / (1 + exp(-input[i])).</summary>
    public static void SigmoidForward(ArrayView<float> input, ArrayView<float> output)
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            output[i] = 1 / (1 + DeviceMath.Exp(-input[i]));
        }
    }

    /// <summary>Computes dInput[i] = dOutput[i] · output[i] · (1 - output[i]).</summary>
    public static void SigmoidBackward(ArrayView<float> dOutput, ArrayView<float> output, ArrayView<float> dInput)
    {
        int i = Grid.GlobalIndex.X;
        if (i < dInput.IntLength)
        {
            dInput[i] = dOutput[i] * output[i] * (1 - output[i]);
        }
    }
}
