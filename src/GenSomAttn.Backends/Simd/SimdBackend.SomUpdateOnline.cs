using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Som;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// Kohonen's online rule.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void SomUpdateOnlineCore(
        DeviceView<float> input, SomShape shape, DeviceView<float> rates, DeviceView<float> codebook)
    {
        float learningRate = rates.Span()[0];
        bool separable = shape.IsSeparable;
        float* bell = _workspace.Shared(separable ? Neighborhood.Length(shape) : Neighborhood.SquaresLength(shape));
        if (separable)
        {
            Neighborhood.Fill(bell, shape, rates.Span()[1]);
        }
        else
        {
            Neighborhood.FillSquares(bell, shape, rates.Span()[1]);
        }

        for (int n = 0; n < shape.Samples; n++)
        {
            float* sample = input.Address() + ((long)n * shape.Dimension);
            (int bmu, _) = DirectSearch<TVector>.NearestTwo(sample, codebook.Address(), shape);
            (int bmuRow, int bmuColumn) = Math.DivRem(bmu, shape.MapWidth);
            float* unit = codebook.Address();
            for (int row = 0; row < shape.MapHeight; row++)
            {
                for (int column = 0; column < shape.MapWidth; column++, unit += shape.Dimension)
                {
                    // W_i += η h(i, bmu) (v - W_i)
                    float h = separable
                        ? bell[Math.Abs(row - bmuRow)] * bell[Math.Abs(column - bmuColumn)]
                        : bell[shape.Grid.SquaredHalfCells((row * shape.MapWidth) + column, bmu)];
                    ShortRows<TVector>.MoveToward(sample, learningRate * h, shape.Dimension, unit);
                }
            }
        }
    }
}
