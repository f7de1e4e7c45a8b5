using GenSomAttn.Kernels.Arithmetic;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>
/// Kernels of losses. Reductions take two stages: each group sums a share of the elements, and one group sums the partial results.
/// </summary>
public static class LossKernels
{
    /// <summary>Computes sums[group] = Σ (prediction - target)² / divisor over the group's share, in a grid-stride loop.</summary>
    public static void SquaredError(ArrayView<float> prediction, ArrayView<float> target, float divisor, ArrayView<float> sums)
    {
        float sum = 0;
        for (int i = Grid.GlobalIndex.X; i < prediction.IntLength; i += Grid.DimX * Group.DimX)
        {
            float difference = prediction[i] - target[i];
            sum = DeviceMath.Fma(difference, difference, sum);
        }

        StoreSum(sum, divisor, sums);
    }

    /// <summary>Computes sums[group] = Σ ½ (mean² + exp(logVariance) - logVariance - 1) / divisor over the group's share.</summary>
    public static void GaussianKl(ArrayView<float> mean, ArrayView<float> logVariance, float divisor, ArrayView<float> sums)
    {
        float sum = 0;
        for (int i = Grid.GlobalIndex.X; i < mean.IntLength; i += Grid.DimX * Group.DimX)
        {
            float logOf = logVariance[i];
            sum += 0.5f * (DeviceMath.Fma(mean[i], mean[i], DeviceMath.Exp(logOf)) - logOf - 1);
        }

        StoreSum(sum, divisor, sums);
    }

    /// <summary>
    /// Computes sums[group] = Σ (log Σ exp(logits[n, j] - max) - (logits[n, label] - max)) / divisor over the group's share of the rows,
    /// in a grid-stride loop. NaN if a label is out of range.
    /// </summary>
    public static void SoftmaxCrossEntropy(ArrayView<float> logits, ArrayView<int> labels, float divisor, ArrayView<float> sums)
    {
        int length = logits.IntLength / labels.IntLength;
        float sum = 0;
        for (int n = Grid.GlobalIndex.X; n < labels.IntLength; n += Grid.DimX * Group.DimX)
        {
            int start = n * length, label = labels[n];
            float max = Largest(logits, start, length);
            float chosen = (uint)label < (uint)length ? logits[start + label] : float.NaN;
            sum += DeviceMath.Log(SumOfPowers(logits, start, length, max)) - (chosen - max);
        }

        StoreSum(sum, divisor, sums);
    }

    /// <summary>Computes total[0] = Σ sums / divisor. One group.</summary>
    public static void Total(ArrayView<float> sums, float divisor, ArrayView<float> total)
    {
        float sum = 0;
        for (int i = Group.IdxX; i < sums.IntLength; i += Group.DimX)
        {
            sum += sums[i];
        }

        StoreSum(sum, divisor, total);
    }

    /// <summary>
    /// Computes the gradient of <see cref="SquaredError"/>: dPrediction[i] = factor · (prediction[i] - target[i]). One thread computes
    /// one element.
    /// </summary>
    public static void SquaredErrorGradient(
        ArrayView<float> prediction, ArrayView<float> target, float factor, ArrayView<float> dPrediction)
    {
        int i = Grid.GlobalIndex.X;
        if (i < dPrediction.IntLength)
        {
            dPrediction[i] = factor * (prediction[i] - target[i]);
        }
    }

    /// <summary>
    /// Computes the gradients of <see cref="GaussianKl"/>: dMean[i] = factor · mean[i]; dLogVariance[i] =
    /// factor · ½ (exp(logVariance[i]) - 1). One thread computes one element of both.
    /// </summary>
    public static void GaussianKlGradient(
        ArrayView<float> mean, ArrayView<float> logVariance, float factor, ArrayView<float> dMean, ArrayView<float> dLogVariance)
    {
        int i = Grid.GlobalIndex.X;
        if (i < dMean.IntLength)
        {
            dMean[i] = factor * mean[i];
            dLogVariance[i] = factor * 0.5f * (DeviceMath.Exp(logVariance[i]) - 1);
        }
    }

    /// <summary>
    /// Computes the gradient of <see cref="SoftmaxCrossEntropy"/>: dLogits[n, j] = factor · (exp(logits[n, j] - max) /
    /// Σ exp(logits[n, k] - max) - (j = label)). One thread computes one row, which is NaN if its label is out of range.
    /// </summary>
    public static void SoftmaxCrossEntropyGradient(
        ArrayView<float> logits, ArrayView<int> labels, float factor, ArrayView<float> dLogits)
    {
        int n = Grid.GlobalIndex.X;
        if (n < labels.IntLength)
        {
            int length = logits.IntLength / labels.IntLength;
            int start = n * length, label = labels[n];
            float max = Largest(logits, start, length);
            float sum = SumOfPowers(logits, start, length, max);
            float valid = (uint)label < (uint)length ? factor : float.NaN;
            for (int j = 0; j < length; j++)
            {
                float softmax = DeviceMath.Exp(logits[start + j] - max) / sum;
                dLogits[start + j] = valid * (j == label ? softmax - 1 : softmax);
            }
        }
    }

    /// <summary>Returns the largest element of a row; NaN is ignored.</summary>
    private static float Largest(ArrayView<float> rows, int start, int length)
    {
        float largest = float.NegativeInfinity;
        for (int j = 0; j < length; j++)
        {
            float x = rows[start + j];
            largest = x > largest ? x : largest;
        }

        return largest;
    }

    /// <summary>Computes Σ exp(x - max) over a row.</summary>
    private static float SumOfPowers(ArrayView<float> rows, int start, int length, float max)
    {
        float sum = 0;
        for (int j = 0; j < length; j++)
        {
            sum += DeviceMath.Exp(rows[start + j] - max);
        }

        return sum;
    }

    private static void StoreSum(float sum, float divisor, ArrayView<float> sums)
    {
        float total = GroupReduction.Sum(sum);
        if (Group.IdxX == 0)
        {
            sums[Grid.IdxX] = total / divisor;
        }
    }
}
