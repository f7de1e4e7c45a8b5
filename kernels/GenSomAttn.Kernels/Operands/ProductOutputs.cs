using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Kernels.Operands;

/// <summary>The output of a GEMM: stores the computed elements.</summary>
public interface IProductOutput
{
    /// <summary>Selects the destination of a slice: a phase of a transposed convolution, or the partial sums of a split-K slice.</summary>
    void SelectSlice(int part);

    /// <summary>Stores an element.</summary>
    void Store(int row, int column, float sum);

    /// <summary>True if <see cref="StoreFour"/> stores four elements of a row with one vector store.</summary>
    bool HasFours { get; }

    /// <summary>Stores four elements of a row, starting at a column that is a multiple of four.</summary>
    void StoreFour(int row, int column, Float4 sums);
}

/// <summary>A matrix (rows, columns) that the sums overwrite or are added to, plus an optional bias for each column.</summary>
public struct MatrixOutput : IProductOutput
{
    private readonly ArrayView<float> _data;
    private readonly ArrayView<float> _bias;
    private readonly int _columns;
    private readonly int _partLength;
    private readonly int _adds;
    private readonly int _hasFours;
    private int _start;

    /// <summary>Creates the output.</summary>
    /// <param name="data">(rows, columns), or one such matrix for each split-K slice.</param>
    /// <param name="bias">(columns), or empty for none.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="partLength">Elements from one slice to the next.</param>
    /// <param name="adds">Whether the sums are added to the contents.</param>
    /// <param name="isAligned">Whether data and bias begin at a multiple of four floats.</param>
    public MatrixOutput(ArrayView<float> data, ArrayView<float> bias, int columns, int partLength, bool adds, bool isAligned)
    {
        _data = data;
        _bias = bias;
        _columns = columns;
        _partLength = partLength;
        _adds = adds ? 1 : 0;
        _hasFours = isAligned && columns % 4 == 0 ? 1 : 0;
        _start = 0;
    }

    /// <inheritdoc/>
    public readonly bool HasFours => _hasFours != 0;

    /// <inheritdoc/>
    public void SelectSlice(int part) => _start = part * _partLength;

    /// <inheritdoc/>
    public readonly void Store(int row, int column, float sum)
    {
        int index = _start + (row * _columns) + column;
        float before = _adds != 0 ? _data[index] : 0;
        float bias = _bias.IntLength > 0 ? _bias[column] : 0;
        _data[index] = before + (sum + bias);
    }

    /// <inheritdoc/>
    public readonly void StoreFour(int row, int column, Float4 sums)
    {
        int index = _start + (row * _columns) + column;
        Float4 before = _adds != 0 ? Float4.At(_data, index) : default;
        Float4 bias = _bias.IntLength > 0 ? Float4.At(_bias, column) : default;
        before.Plus(sums.Plus(bias)).Put(_data, index);
    }
}

/// <summary>
/// The pixels of a phase in their image (N, H, W, C), plus an optional bias for each channel; pixels beyond the border are not stored.
/// </summary>
public struct PhaseOutput : IProductOutput
{
    private readonly ArrayView<float> _image;
    private readonly ArrayView<float> _bias;
    private readonly Phases _phases;
    private readonly int _channels;
    private readonly int _hasFours;
    private int _rowPhase;
    private int _columnPhase;

    /// <summary>Creates the output.</summary>
    /// <param name="image">(N, H, W, C).</param>
    /// <param name="bias">(C), or empty for none.</param>
    /// <param name="shape">The convolution whose input the image is.</param>
    /// <param name="isAligned">Whether image and bias begin at a multiple of four floats.</param>
    public PhaseOutput(ArrayView<float> image, ArrayView<float> bias, Conv2dShape shape, bool isAligned)
    {
        _hasFours = isAligned && shape.InChannels % 4 == 0 ? 1 : 0;
        _image = image;
        _bias = bias;
        _phases = new Phases(shape);
        _channels = shape.InChannels;
        _rowPhase = 0;
        _columnPhase = 0;
    }

    /// <inheritdoc/>
    public void SelectSlice(int part)
    {
        _rowPhase = _phases.Rows(part).Phase;
        _columnPhase = _phases.Columns(part).Phase;
    }

    /// <inheritdoc/>
    public readonly bool HasFours => _hasFours != 0;

    /// <inheritdoc/>
    public readonly void Store(int row, int column, float sum)
    {
        int index = Find(row);
        if (index >= 0)
        {
            float bias = _bias.IntLength > 0 ? _bias[column] : 0;
            _image[index + column] = sum + bias;
        }
    }

    /// <inheritdoc/>
    public readonly void StoreFour(int row, int column, Float4 sums)
    {
        int index = Find(row);
        if (index >= 0)
        {
            Float4 bias = _bias.IntLength > 0 ? Float4.At(_bias, column) : default;
            sums.Plus(bias).Put(_image, index + column);
        }
    }

    /// <summary>Returns the index of the first channel of a phase's pixel in the image; negative beyond the border.</summary>
    private readonly int Find(int index)
    {
        ElementIndex pixel = _phases.Pixel(index);
        int row = _rowPhase + (pixel.Row * _phases.Stride);
        int column = _columnPhase + (pixel.Column * _phases.Stride);
        bool inside = row < _phases.ImageHeight && column < _phases.ImageWidth;
        return inside ? ((((pixel.Offset * _phases.ImageHeight) + row) * _phases.ImageWidth) + column) * _channels : -1;
    }
}
