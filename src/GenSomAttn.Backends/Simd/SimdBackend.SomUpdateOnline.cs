using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// Kohonen's online rule, and functions shared with the batch update and the BMU search.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void SomUpdateOnlineCore(
        DeviceView<float> input, SomShape shape, DeviceView<float> rates, DeviceView<float> codebook)
    {
        float learningRate = rates.Span()[0];
        float* bell = FillGaussian(shape, rates.Span()[1]);
        for (int n = 0; n < shape.Samples; n++)
        {
            float* sample = input.Address() + ((long)n * shape.Dimension);
            (int bmu, _) = FindNearestTwo(sample, codebook.Address(), shape);
            (int bmuRow, int bmuColumn) = Math.DivRem(bmu, shape.MapWidth);
            float* unit = codebook.Address();
            for (int row = 0; row < shape.MapHeight; row++)
            {
                for (int column = 0; column < shape.MapWidth; column++, unit += shape.Dimension)
                {
                    // W_i += η h(i, bmu) (v - W_i)
                    float h = bell[Math.Abs(row - bmuRow)] * bell[Math.Abs(column - bmuColumn)];
                    ShortRows<TVector>.MoveToward(sample, learningRate * h, shape.Dimension, unit);
                }
            }
        }
    }

    /// <summary>
    /// Fills a table of exp(-d² / 2σ²) for every distance d along one side of the map. The neighborhood is separable: that of two units
    /// is the product of two entries, for their rows and their columns: exp(-(r² + c²) / 2σ²) = exp(-r² / 2σ²) · exp(-c² / 2σ²).
    /// Subnormal values, below 1e-38, are set to 0, because processors are slow with them.
    /// </summary>
    private float* FillGaussian(SomShape shape, float sigma)
    {
        int length = Math.Max(shape.MapHeight, shape.MapWidth);
        float* bell = _workspace.Shared(length);
        for (int distance = 0; distance < length; distance++)
        {
            float h = MathF.Exp(-(float)distance * distance / (2 * sigma * sigma));
            bell[distance] = float.IsNormal(h) ? h : 0;
        }

        return bell;
    }

    /// <summary>
    /// Finds the two units nearest to a sample by direct distances; of equal distances the lowest unit wins, NaN never wins. Where fewer
    /// than two distances are finite, the lowest other units are returned; on a map of one unit, the second is -1.
    /// </summary>
    private static (int Nearest, int Second) FindNearestTwo(float* sample, float* codebook, SomShape shape)
    {
        int nearest = -1, second = -1;
        float smallest = float.PositiveInfinity, secondSmallest = float.PositiveInfinity;
        for (int u = 0; u < shape.Units; u++)
        {
            float distance = ShortRows<TVector>.SquaredDistance(sample, codebook + ((long)u * shape.Dimension), shape.Dimension);
            if (distance < smallest)
            {
                (second, secondSmallest) = (nearest, smallest);
                (nearest, smallest) = (u, distance);
            }
            else if (distance < secondSmallest)
            {
                (second, secondSmallest) = (u, distance);
            }
        }

        nearest = Math.Max(nearest, 0);
        if (second < 0 && shape.Units > 1)
        {
            second = nearest == 0 ? 1 : 0;
        }

        return (nearest, second);
    }
}
