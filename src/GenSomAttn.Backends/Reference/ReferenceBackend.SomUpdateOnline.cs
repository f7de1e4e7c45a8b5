using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void SomUpdateOnlineCore(DeviceView<T> input, SomShape shape, DeviceView<T> rates, DeviceView<T> codebook)
    {
        (T learningRate, T sigma) = (rates[0], rates[1]);
        for (int n = 0; n < shape.Samples; n++)
        {
            ReadOnlySpan<T> sample = Row(input, n, shape.Dimension);
            int bmu = NearestUnit(sample, codebook.Span(), shape, except: -1);
            for (int unit = 0; unit < shape.Units; unit++)
            {
                // W_i += η h(i, bmu) (v - W_i)
                T rate = learningRate * Neighborhood(shape, unit, bmu, sigma);
                Span<T> codebookRow = Row(codebook, unit, shape.Dimension);
                for (int d = 0; d < shape.Dimension; d++)
                {
                    codebookRow[d] += rate * (sample[d] - codebookRow[d]);
                }
            }
        }
    }
}
