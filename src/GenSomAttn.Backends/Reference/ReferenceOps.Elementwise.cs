using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="IElementwiseOps.Add"/>
    public static void Add(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> sum)
    {
        for (int i = 0; i < left.Length; i++)
        {
            sum[i] = left[i] + right[i];
        }
    }

    /// <inheritdoc cref="IElementwiseOps.BiasForward"/>
    public static void BiasForward(ReadOnlySpan<T> input, ReadOnlySpan<T> bias, RowsShape shape, Span<T> output)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            // output[row,:] = input[row,:] + bias[:]
            Add(Row(input, row, shape.Length), bias, Row(output, row, shape.Length));
        }
    }

    /// <inheritdoc cref="IElementwiseOps.BiasBackward"/>
    public static void BiasBackward(ReadOnlySpan<T> dOutput, RowsShape shape, Span<T> dBias)
    {
        for (int row = 0; row < shape.Rows; row++)
        {
            // forward: output[row,:] = input[row,:] + bias[:]
            AddScaled(T.One, Row(dOutput, row, shape.Length), dBias);
        }
    }

    /// <inheritdoc cref="IElementwiseOps.Fill"/>
    public static void Fill(T value, Span<T> output) => output.Fill(value);

    /// <inheritdoc cref="IElementwiseOps.GaussianSampleForward"/>
    public static void GaussianSampleForward(
        ReadOnlySpan<T> mean, ReadOnlySpan<T> logVariance, ReadOnlySpan<T> noise, Span<T> sample)
    {
        for (int i = 0; i < sample.Length; i++)
        {
            sample[i] = mean[i] + (T.Exp(Half * logVariance[i]) * noise[i]);
        }
    }

    /// <inheritdoc cref="IElementwiseOps.GaussianSampleBackward"/>
    public static void GaussianSampleBackward(
        ReadOnlySpan<T> dSample, ReadOnlySpan<T> logVariance, ReadOnlySpan<T> noise, Span<T> dMean, Span<T> dLogVariance)
    {
        for (int i = 0; i < dSample.Length; i++)
        {
            // forward: sample[i] = mean[i] + exp(½ logVariance[i]) · noise[i]
            dMean[i] += dSample[i];
            dLogVariance[i] += dSample[i] * noise[i] * Half * T.Exp(Half * logVariance[i]);
        }
    }
}
