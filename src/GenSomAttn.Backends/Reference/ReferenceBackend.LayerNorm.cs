using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void LayerNormForwardCore(
        DeviceView<T> input, DeviceView<T> weight, DeviceView<T> bias, RowsShape shape, T epsilon,
        DeviceView<T> output, DeviceView<T> savedMean, DeviceView<T> savedInvStd)
    {
        T length = T.CreateChecked(shape.Length);
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<T> inputRow = Row(input, row, shape.Length);   // (length)
            Span<T> outputRow = Row(output, row, shape.Length);         // (length)

            // Pass 1: mean
            T mean = Sum(inputRow) / length;

            // Pass 2: population variance around the mean; never mean(x²) - mean², which cancels in float
            T variance = T.Zero;
            foreach (T x in inputRow)
            {
                variance += (x - mean) * (x - mean) / length;
            }

            // Pass 3: normalize, scale, shift
            T invStd = T.One / T.Sqrt(variance + epsilon);
            for (int i = 0; i < shape.Length; i++)
            {
                outputRow[i] = ((inputRow[i] - mean) * invStd * weight[i]) + bias[i];
            }

            savedMean[row] = mean;
            savedInvStd[row] = invStd;
        }
    }

    /// <inheritdoc/>
    protected override void LayerNormBackwardCore(
        DeviceView<T> dOutput, DeviceView<T> input, DeviceView<T> weight, DeviceView<T> savedMean, DeviceView<T> savedInvStd,
        RowsShape shape, DeviceView<T> dInput, DeviceView<T> dWeight, DeviceView<T> dBias)
    {
        T length = T.CreateChecked(shape.Length);
        for (int row = 0; row < shape.Rows; row++)
        {
            ReadOnlySpan<T> dOutputRow = Row(dOutput, row, shape.Length);   // (length)
            ReadOnlySpan<T> inputRow = Row(input, row, shape.Length);       // (length)
            Span<T> dInputRow = Row(dInput, row, shape.Length);             // (length)
            T mean = savedMean[row];
            T invStd = savedInvStd[row];

            // Pass 1: dWeight, dBias, and the two means mean(g) and mean(g · x̂) with g = dOutput · weight
            T meanG = T.Zero;
            T meanGNormalized = T.Zero;
            for (int i = 0; i < shape.Length; i++)
            {
                // forward: output[i] = normalized · weight[i] + bias[i], normalized = (input[i] - mean) · invStd
                T normalized = (inputRow[i] - mean) * invStd;
                dWeight[i] += dOutputRow[i] * normalized;
                dBias[i] += dOutputRow[i];
                meanG += dOutputRow[i] * weight[i] / length;
                meanGNormalized += dOutputRow[i] * weight[i] * normalized / length;
            }

            // Pass 2: dInput = invStd · (g - mean(g) - x̂ · mean(g · x̂))
            for (int i = 0; i < shape.Length; i++)
            {
                // forward: normalized = (input[i] - mean) · invStd, where mean and invStd depend on every element of the row
                T normalized = (inputRow[i] - mean) * invStd;
                dInputRow[i] = invStd * ((dOutputRow[i] * weight[i]) - meanG - (normalized * meanGNormalized));
            }
        }
    }
}
