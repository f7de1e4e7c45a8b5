using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="ISomOps.BestMatchingUnits"/>
    public static void BestMatchingUnits(
        ReadOnlySpan<T> input, ReadOnlySpan<T> codebook, SomShape shape, Span<int> bmu, Span<int> second, Span<T> squaredDistances)
    {
        for (int n = 0; n < shape.Samples; n++)
        {
            ReadOnlySpan<T> sample = Row(input, n, shape.Dimension);
            bmu[n] = NearestUnit(sample, codebook, shape, except: -1);
            second[n] = NearestUnit(sample, codebook, shape, except: bmu[n]);
            squaredDistances[2 * n] = SquaredDistance(sample, Row(codebook, bmu[n], shape.Dimension));
            squaredDistances[(2 * n) + 1] = second[n] >= 0
                ? SquaredDistance(sample, Row(codebook, second[n], shape.Dimension))
                : T.PositiveInfinity;
        }
    }

    /// <inheritdoc cref="ISomOps.SomUpdateBatch"/>
    public static void SomUpdateBatch(
        ReadOnlySpan<T> input, ReadOnlySpan<int> bmu, SomShape shape, T learningRate, T sigma, Span<T> codebook)
    {
        T effectiveSamplesLimit = T.CreateChecked(50);
        var target = new T[shape.Dimension];
        for (int unit = 0; unit < shape.Units; unit++)
        {
            // a_i = Σ over samples of h(i, bmu); t_i = Σ h(i, bmu) v / a_i
            T a = T.Zero;
            target.AsSpan().Clear();
            for (int n = 0; n < shape.Samples; n++)
            {
                T h = Neighborhood(shape.SquaredGridDistance(unit, bmu[n]), sigma);
                a += h;
                AddScaled(h, Row(input, n, shape.Dimension), target);
            }

            if (a == T.Zero)
            {
                continue;
            }

            // W_i += (1 - (1-η)^min(a_i, 50)) (t_i - W_i)
            T rate = T.One - T.Pow(T.One - learningRate, T.Min(a, effectiveSamplesLimit));
            Span<T> codebookRow = Row(codebook, unit, shape.Dimension);
            for (int d = 0; d < shape.Dimension; d++)
            {
                codebookRow[d] += rate * ((target[d] / a) - codebookRow[d]);
            }
        }
    }

    /// <inheritdoc cref="ISomOps.SomUpdateOnline"/>
    public static void SomUpdateOnline(ReadOnlySpan<T> input, SomShape shape, T learningRate, T sigma, Span<T> codebook)
    {
        for (int n = 0; n < shape.Samples; n++)
        {
            ReadOnlySpan<T> sample = Row(input, n, shape.Dimension);
            int bmu = NearestUnit(sample, codebook, shape, except: -1);
            for (int unit = 0; unit < shape.Units; unit++)
            {
                // W_i += η h(i, bmu) (v - W_i)
                T rate = learningRate * Neighborhood(shape.SquaredGridDistance(unit, bmu), sigma);
                Span<T> codebookRow = Row(codebook, unit, shape.Dimension);
                for (int d = 0; d < shape.Dimension; d++)
                {
                    codebookRow[d] += rate * (sample[d] - codebookRow[d]);
                }
            }
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

    /// <summary>h = exp(-d² / 2σ²) of two units at squared grid distance d².</summary>
    private static T Neighborhood(int squaredGridDistance, T sigma)
        => T.Exp(-T.CreateChecked(squaredGridDistance) / (Two * sigma * sigma));
}
