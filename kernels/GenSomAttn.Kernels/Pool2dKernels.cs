using GenSomAttn.Kernels.Operands;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>What a pooling computes from the values of a window.</summary>
public enum Pooling
{
    /// <summary>The largest value.</summary>
    Max,

    /// <summary>The mean of the values, of those inside the image alone.</summary>
    Average,
}

/// <summary>Kernels of pooling. One thread computes one element of the output.</summary>
public static class Pool2dKernels
{
    /// <summary>Computes the largest value of each window.</summary>
    public static void Max(ArrayView<float> input, PoolWindows windows, ArrayView<float> output)
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            PoolWindow window = windows.At(i);
            float largest = float.NegativeInfinity;
            for (int row = window.FirstRow; row < window.EndRow; row++)
            {
                for (int column = window.FirstColumn; column < window.EndColumn; column++)
                {
                    float value = input[windows.Element(window, row, column)];
                    largest = value > largest ? value : largest;
                }
            }

            output[i] = largest;
        }
    }

    /// <summary>Computes the mean of each window's values inside the image.</summary>
    public static void Average(ArrayView<float> input, PoolWindows windows, ArrayView<float> output)
    {
        int i = Grid.GlobalIndex.X;
        if (i < output.IntLength)
        {
            PoolWindow window = windows.At(i);
            float sum = 0;
            for (int row = window.FirstRow; row < window.EndRow; row++)
            {
                for (int column = window.FirstColumn; column < window.EndColumn; column++)
                {
                    sum += input[windows.Element(window, row, column)];
                }
            }

            output[i] = sum / ((window.EndRow - window.FirstRow) * (window.EndColumn - window.FirstColumn));
        }
    }
}
