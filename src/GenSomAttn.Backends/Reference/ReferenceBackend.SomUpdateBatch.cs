using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void SomUpdateBatchCore(
        DeviceView<T> input, DeviceView<int> bmu, SomShape shape, DeviceView<T> rates, DeviceView<T> workspace, DeviceView<T> codebook)
    {
        (T learningRate, T sigma) = (rates[0], rates[1]);
        T effectiveSamplesLimit = T.CreateChecked(50);
        var target = new T[shape.Dimension];
        for (int unit = 0; unit < shape.Units; unit++)
        {
            // Pass 1: a_i = Σ over samples of h(i, bmu); target = Σ h(i, bmu) v, (D)
            T a = T.Zero;
            target.AsSpan().Clear();
            for (int n = 0; n < shape.Samples; n++)
            {
                T h = Neighborhood(shape, unit, bmu[n], sigma);
                a += h;
                AddScaled(h, Row(input, n, shape.Dimension), target);
            }

            if (a <= T.Zero)
            {
                continue;
            }

            // Pass 2: t_i = target / a_i; W_i += (1 - (1-η)^min(a_i, 50)) (t_i - W_i)
            T rate = T.One - T.Pow(T.One - learningRate, T.Min(a, effectiveSamplesLimit));
            Span<T> codebookRow = Row(codebook, unit, shape.Dimension);
            for (int d = 0; d < shape.Dimension; d++)
            {
                codebookRow[d] += rate * ((target[d] / a) - codebookRow[d]);
            }
        }
    }

    /// <summary>h of two units, from d², their squared distance on the grid; see <see cref="NeighborhoodKind"/>.</summary>
    private static T Neighborhood(SomShape shape, int unit, int other, T sigma)
    {
        T squared = T.CreateChecked(shape.Grid.SquaredHalfCells(unit, other)) / T.CreateChecked(4);
        T ratio = squared / (sigma * sigma);
        return shape.Neighborhood switch
        {
            NeighborhoodKind.Gaussian => T.Exp(-squared / (Two * sigma * sigma)),
            NeighborhoodKind.Bubble => squared <= sigma * sigma ? T.One : T.Zero,
            NeighborhoodKind.Epanechnikov => T.Max(T.Zero, T.One - ratio),
            NeighborhoodKind.MexicanHat => (T.One - ratio) * T.Exp(-ratio / Two),
            _ => throw new ArgumentOutOfRangeException(nameof(shape)),
        };
    }
}
