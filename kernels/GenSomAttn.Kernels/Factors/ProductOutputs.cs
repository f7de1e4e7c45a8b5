using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Kernels.Factors;

/// <summary>Where the elements of a product go.</summary>
public interface IProductOutput
{
    /// <summary>Takes one of several products that one launch computes.</summary>
    void TakePart(int part);

    /// <summary>Stores an element.</summary>
    void Store(int row, int column, float sum);
}

/// <summary>A matrix (rows, columns) that is overwritten, with a bias for each column, or added to.</summary>
public struct MatrixOutput : IProductOutput
{
    private readonly ArrayView<float> _data;
    private readonly ArrayView<float> _bias;
    private readonly int _columns;
    private readonly int _partLength;
    private readonly int _adds;
    private int _start;

    /// <summary>A matrix.</summary>
    /// <param name="data">(rows, columns), or several of them, one for each part.</param>
    /// <param name="bias">(columns), or empty for none.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="partLength">Elements from one part to the next.</param>
    /// <param name="adds">Whether the sums are added to what is there.</param>
    public MatrixOutput(ArrayView<float> data, ArrayView<float> bias, int columns, int partLength, bool adds)
    {
        _data = data;
        _bias = bias;
        _columns = columns;
        _partLength = partLength;
        _adds = adds ? 1 : 0;
        _start = 0;
    }

    /// <inheritdoc/>
    public void TakePart(int part) => _start = part * _partLength;

    /// <inheritdoc/>
    public readonly void Store(int row, int column, float sum)
    {
        int index = _start + (row * _columns) + column;
        float before = _adds != 0 ? _data[index] : 0;
        float bias = _bias.IntLength > 0 ? _bias[column] : 0;
        _data[index] = before + (sum + bias);
    }
}

/// <summary>The pixels of a phase in their image (N, H, W, C), with a bias for each channel; those beyond its border are left out.</summary>
public struct PhaseOutput : IProductOutput
{
    private readonly ArrayView<float> _image;
    private readonly ArrayView<float> _bias;
    private readonly Phases _phases;
    private readonly int _channels;
    private int _rowPhase;
    private int _columnPhase;

    /// <summary>An image.</summary>
    /// <param name="image">(N, H, W, C).</param>
    /// <param name="bias">(C), or empty for none.</param>
    /// <param name="shape">The convolution whose input the image is.</param>
    public PhaseOutput(ArrayView<float> image, ArrayView<float> bias, Conv2dShape shape)
    {
        _image = image;
        _bias = bias;
        _phases = new Phases(shape);
        _channels = shape.InChannels;
        _rowPhase = 0;
        _columnPhase = 0;
    }

    /// <inheritdoc/>
    public void TakePart(int part)
    {
        _rowPhase = _phases.Rows(part).Phase;
        _columnPhase = _phases.Columns(part).Phase;
    }

    /// <inheritdoc/>
    public readonly void Store(int row, int column, float sum)
    {
        Place pixel = _phases.Pixel(row);
        int y = _rowPhase + (pixel.Row * _phases.Stride);
        int x = _columnPhase + (pixel.Column * _phases.Stride);
        if (y < _phases.ImageHeight && x < _phases.ImageWidth)
        {
            float bias = _bias.IntLength > 0 ? _bias[column] : 0;
            _image[(((((pixel.Offset * _phases.ImageHeight) + y) * _phases.ImageWidth) + x) * _channels) + column] = sum + bias;
        }
    }
}
