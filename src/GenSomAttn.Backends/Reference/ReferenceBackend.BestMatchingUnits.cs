using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void BestMatchingUnitsCore(
        DeviceView<T> input, DeviceView<T> codebook, SomShape shape,
        DeviceView<int> bmu, DeviceView<int> second, DeviceView<T> squaredDistances)
    {
        for (int n = 0; n < shape.Samples; n++)
        {
            ReadOnlySpan<T> sample = Row(input, n, shape.Dimension);
            bmu[n] = NearestUnit(sample, codebook.Span(), shape, except: -1);
            second[n] = NearestUnit(sample, codebook.Span(), shape, except: bmu[n]);
            squaredDistances[2 * n] = SquaredDistance(sample, Row(codebook, bmu[n], shape.Dimension));
            squaredDistances[(2 * n) + 1] = second[n] >= 0
                ? SquaredDistance(sample, Row(codebook, second[n], shape.Dimension))
                : T.PositiveInfinity;
        }
    }

    /// <summary>
    /// The nearest unit but one; of equals the lowest. The lowest of all when no distance is finite, -1 when there is no
    /// other unit.
    /// </summary>
    private static int NearestUnit(ReadOnlySpan<T> sample, ReadOnlySpan<T> codebook, SomShape shape, int except)
    {
        int nearest = -1;
        T smallest = T.PositiveInfinity;
        for (int unit = 0; unit < shape.Units; unit++)
        {
            if (unit == except)
            {
                continue;
            }

            T distance = SquaredDistance(sample, Row(codebook, unit, shape.Dimension));
            if (nearest < 0 || distance < smallest)
            {
                nearest = unit;
                smallest = T.IsNaN(distance) ? T.PositiveInfinity : distance;
            }
        }

        return nearest;
    }

    private static T SquaredDistance(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
    {
        T sum = T.Zero;
        for (int d = 0; d < left.Length; d++)
        {
            sum += (left[d] - right[d]) * (left[d] - right[d]);
        }

        return sum;
    }
}
