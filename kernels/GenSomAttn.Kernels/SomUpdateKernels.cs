using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>
/// Kernels of the map's updates. On a rectangle the Gaussian neighborhood is separable, exp(-(r² + c²) / 2σ²) = exp(-r² / 2σ²) · exp(-c² /
/// 2σ²), so the mini-batch rule smooths hits and sums of samples along the rows of the map first and then along its columns: U·(H + W)·D
/// multiply-adds instead of U·N·D of <see cref="UpdateFromSamples"/>, which serves other neighborhoods. Each sum is computed by one
/// thread, without atomics.
/// </summary>
public static class SomUpdateKernels
{
    private const float EffectiveSamplesLimit = 50;

    /// <summary>
    /// Accumulates hits and sums: statistics[unit, d] = Σ of element d of the samples whose BMU is the unit, and the number of these
    /// samples (the hits) after the last element. One thread computes one number, over the samples in their order.
    /// </summary>
    /// <param name="input">(N, D).</param>
    /// <param name="bmu">(N).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="statistics">(U, D + 1).</param>
    public static void AccumulateHits(ArrayView<float> input, ArrayView<int> bmu, SomShape shape, ArrayView<float> statistics)
    {
        int index = Grid.GlobalIndex.X;
        int width = shape.Dimension + 1;
        int unit = index / width;
        int d = index - (unit * width);
        if (unit < shape.Units)
        {
            float sum = 0;
            for (int n = 0; n < shape.Samples; n++)
            {
                if (bmu[n] == unit)
                {
                    sum += d < shape.Dimension ? input[(n * shape.Dimension) + d] : 1;
                }
            }

            statistics[index] = sum;
        }
    }

    /// <summary>
    /// Smooths along the rows of the map: spread[(row, column), d] = Σ over the columns c of the row of exp(-(column - c)² / 2σ²) ·
    /// statistics[(row, c), d], for some elements d and the hits. One thread computes one number.
    /// </summary>
    /// <param name="statistics">(U, D + 1).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="rates">(2): η and σ.</param>
    /// <param name="first">The first element.</param>
    /// <param name="count">Elements.</param>
    /// <param name="spread">(U, count + 1).</param>
    public static void SmoothRows(
        ArrayView<float> statistics, SomShape shape, ArrayView<float> rates, int first, int count, ArrayView<float> spread)
    {
        int index = Grid.GlobalIndex.X;
        int width = shape.Dimension + 1;
        int unit = index / (count + 1);
        if (unit < shape.Units)
        {
            int place = index - (unit * (count + 1));
            int d = place < count ? first + place : shape.Dimension;
            int row = unit / shape.MapWidth;
            int column = unit - (row * shape.MapWidth);
            float sum = 0;
            for (int c = 0; c < shape.MapWidth; c++)
            {
                float h = Gaussian(column - c, rates[1]);
                sum = AddUnlessZero(h, statistics[(((row * shape.MapWidth) + c) * width) + d], sum);
            }

            spread[index] = sum;
        }
    }

    /// <summary>
    /// Smooths along the columns of the map, which gives a_i and a_i t_i, and updates W_i += (1 - (1-η)^min(a_i, 50)) (t_i - W_i). One
    /// thread updates one element of a unit.
    /// </summary>
    /// <param name="spread">(U, count + 1), from <see cref="SmoothRows"/>.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="rates">(2): η and σ.</param>
    /// <param name="first">The first element.</param>
    /// <param name="count">Elements.</param>
    /// <param name="codebook">(U, D).</param>
    public static void SmoothColumnsAndUpdate(
        ArrayView<float> spread, SomShape shape, ArrayView<float> rates, int first, int count, ArrayView<float> codebook)
    {
        int index = Grid.GlobalIndex.X;
        int unit = index / count;
        if (unit < shape.Units)
        {
            int place = index - (unit * count);
            int row = unit / shape.MapWidth;
            int column = unit - (row * shape.MapWidth);
            float a = 0;
            float sum = 0;
            for (int r = 0; r < shape.MapHeight; r++)
            {
                float h = Gaussian(row - r, rates[1]);
                int start = ((r * shape.MapWidth) + column) * (count + 1);
                a = AddUnlessZero(h, spread[start + count], a);
                sum = AddUnlessZero(h, spread[start + place], sum);
            }

            Update(a, sum, rates[0], codebook, (unit * shape.Dimension) + first + place);
        }
    }

    /// <summary>
    /// Updates W_i += (1 - (1-η)^min(a_i, 50)) (t_i - W_i) with a_i = Σ over samples of h(i, bmu) and a_i t_i = Σ h(i, bmu) v, for any
    /// neighborhood. One thread updates one element of a unit, over the samples in their order.
    /// </summary>
    /// <param name="input">(N, D).</param>
    /// <param name="bmu">(N).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="rates">(2): η and σ.</param>
    /// <param name="codebook">(U, D).</param>
    public static void UpdateFromSamples(
        ArrayView<float> input, ArrayView<int> bmu, SomShape shape, ArrayView<float> rates, ArrayView<float> codebook)
    {
        int index = Grid.GlobalIndex.X;
        int unit = index / shape.Dimension;
        if (unit < shape.Units)
        {
            int d = index - (unit * shape.Dimension);
            float a = 0;
            float sum = 0;
            for (int n = 0; n < shape.Samples; n++)
            {
                float h = Neighborhood(shape, unit, bmu[n], rates[1]);
                a += h;
                sum = AddUnlessZero(h, input[(n * shape.Dimension) + d], sum);
            }

            Update(a, sum, rates[0], codebook, index);
        }
    }

    /// <summary>
    /// Applies Kohonen's online rule to one sample after another, each with its BMU in the current codebook: W_i += η h(i, bmu) (v -
    /// W_i). A single group does all the work: its threads search units with a stride of the group size, find the BMU by a reduction, and
    /// update elements with the same stride.
    /// </summary>
    /// <param name="input">(N, D).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="rates">(2): η and σ.</param>
    /// <param name="codebook">(U, D).</param>
    public static void Online(ArrayView<float> input, SomShape shape, ArrayView<float> rates, ArrayView<float> codebook)
    {
        for (int n = 0; n < shape.Samples; n++)
        {
            int start = n * shape.Dimension;
            int winner = GroupReduction.Nearest(Search(input, start, shape, codebook)).Unit;
            for (int index = Group.IdxX; index < shape.Units * shape.Dimension; index += Group.DimX)
            {
                int unit = index / shape.Dimension;
                float h = Neighborhood(shape, unit, winner, rates[1]);
                codebook[index] += rates[0] * h * (input[start + index - (unit * shape.Dimension)] - codebook[index]);
            }

            Group.Barrier();
        }
    }

    /// <summary>Returns the two nearest of the thread's units.</summary>
    private static NearestTwo Search(ArrayView<float> input, int start, SomShape shape, ArrayView<float> codebook)
    {
        NearestTwo nearest = NearestTwo.Nothing;
        for (int unit = Group.IdxX; unit < shape.Units; unit += Group.DimX)
        {
            nearest = nearest.With(SquaredDistance.Of(input, start, codebook, unit * shape.Dimension, shape.Dimension), unit);
        }

        return nearest;
    }

    /// <summary>Updates one element of a unit toward sum / a; a unit with a ≤ 0 keeps it.</summary>
    private static void Update(float a, float sum, float learningRate, ArrayView<float> codebook, int element)
    {
        if (a > 0)
        {
            float exponent = Math.Min(a, EffectiveSamplesLimit) * DeviceMath.LogOnePlus(-learningRate);
            float rate = 1 - DeviceMath.Exp(exponent);
            codebook[element] += rate * ((sum / a) - codebook[element]);
        }
    }

    /// <summary>Computes h of two units, see <see cref="NeighborhoodKind"/>.</summary>
    private static float Neighborhood(SomShape shape, int unit, int other, float sigma)
    {
        if (shape.IsSeparable)
        {
            int row = unit / shape.MapWidth;
            int otherRow = other / shape.MapWidth;
            int columns = unit - (row * shape.MapWidth) - (other - (otherRow * shape.MapWidth));
            return Gaussian(row - otherRow, sigma) * Gaussian(columns, sigma);
        }

        float squared = shape.Grid.SquaredHalfCells(unit, other) / 4f;
        float ratio = squared / (sigma * sigma);
        return shape.Neighborhood switch
        {
            NeighborhoodKind.Bubble => squared <= sigma * sigma ? 1f : 0f,
            NeighborhoodKind.Epanechnikov => Math.Max(0, 1 - ratio),
            NeighborhoodKind.MexicanHat => (1 - ratio) * DeviceMath.Exp(-ratio / 2),
            _ => DeviceMath.Exp(-ratio / 2),
        };
    }

    /// <summary>Computes exp(-d² / 2σ²).</summary>
    private static float Gaussian(int distance, float sigma) => DeviceMath.Exp(-(float)(distance * distance) / (2 * sigma * sigma));

    /// <summary>Computes sum + h · x; where h is 0, x does not count even if it is NaN or infinite.</summary>
    private static float AddUnlessZero(float h, float x, float sum) => h == 0 ? sum : DeviceMath.Fma(h, x, sum);
}
