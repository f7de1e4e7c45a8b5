using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Kernels.Operands;

/// <summary>
/// One side (height or width) of what a convolution's windows scatter into its image, seen from the image: pixel i gets something from
/// window o by kernel element k where o · stride + k - padding = i. So the pixels fall into phases, i mod stride, and those of a phase
/// all meet the same kernel elements: k = first + stride · t, and their windows are consecutive: o = j + shift - t for i = phase + stride · j.
/// Each phase is a convolution of stride 1 of its own.
/// </summary>
/// <param name="Phase">i mod stride.</param>
/// <param name="First">The first kernel element that the phase meets.</param>
/// <param name="Shift">The window of that element at the phase's first pixel.</param>
/// <param name="Taps">Kernel elements that the phase meets; 0 for one that falls between the kernels.</param>
public readonly record struct PhaseAxis(int Phase, int First, int Shift, int Taps)
{
    private readonly float _inverse = 1f / Taps;

    /// <summary>
    /// number / <see cref="Taps"/>, rounded down, for a number of kernel elements: below 2^21 the error of the float product is less than
    /// the half that is added.
    /// </summary>
    public int Quotient(int number) => (int)((number + 0.5f) * _inverse);

    /// <summary>The axis of a phase.</summary>
    public static PhaseAxis Of(int phase, int stride, int padding, int kernel)
    {
        int first = (phase + padding) % stride;
        return new PhaseAxis(phase, first, (phase + padding) / stride, first < kernel ? ((kernel - 1 - first) / stride) + 1 : 0);
    }
}

/// <summary>
/// Sizes of a scatter, seen from the image in phases. Part = phase of the row · stride + phase of the column. All phases count pixels as
/// the largest does; a pixel beyond the image's border is not stored.
/// </summary>
public readonly struct Phases
{
    /// <summary>Phases of a convolution's image.</summary>
    /// <param name="shape">A convolution; its input is the image.</param>
    public Phases(Conv2dShape shape)
    {
        Stride = shape.Stride;
        Padding = shape.Padding;
        KernelHeight = shape.KernelHeight;
        KernelWidth = shape.KernelWidth;
        ImageHeight = shape.InHeight;
        ImageWidth = shape.InWidth;
        Down = new Divisor(((shape.InHeight - 1) / shape.Stride) + 1);
        Across = new Divisor(((shape.InWidth - 1) / shape.Stride) + 1);
        Pixels = shape.Batch * Down.Value * Across.Value;
    }

    /// <summary>Pixels between two windows, and number of phases of a side.</summary>
    public int Stride { get; }

    /// <summary>Zero pixels around the image.</summary>
    public int Padding { get; }

    /// <summary>KH.</summary>
    public int KernelHeight { get; }

    /// <summary>KW.</summary>
    public int KernelWidth { get; }

    /// <summary>Rows of the image.</summary>
    public int ImageHeight { get; }

    /// <summary>Columns of the image.</summary>
    public int ImageWidth { get; }

    /// <summary>Rows of the largest phase.</summary>
    public Divisor Down { get; }

    /// <summary>Columns of the largest phase.</summary>
    public Divisor Across { get; }

    /// <summary>Pixels of the largest phase over the whole batch.</summary>
    public int Pixels { get; }

    /// <summary>The rows of a part.</summary>
    public PhaseAxis Rows(int part) => PhaseAxis.Of(part / Stride, Stride, Padding, KernelHeight);

    /// <summary>The columns of a part.</summary>
    public PhaseAxis Columns(int part) => PhaseAxis.Of(part % Stride, Stride, Padding, KernelWidth);

    /// <summary>(n, row, column) of a pixel within its phase; the offset is n.</summary>
    public ElementIndex Pixel(int index)
    {
        int rows = Across.Quotient(index);
        int n = Down.Quotient(rows);
        return new ElementIndex(n, rows - (n * Down.Value), index - (rows * Across.Value));
    }
}

/// <summary>
/// What the windows that reach a pixel hold: outer index the pixel of the phase, inner (t down, t across, channel). Element:
/// source[n, j + shift - t, ..., channel], 0 where there is no such window.
/// </summary>
public struct PhaseWindows : IGemmOperand
{
    private readonly ArrayView<float> _source;
    private readonly ArrayView<float> _zeros;
    private readonly Phases _phases;
    private readonly int _height;
    private readonly int _width;
    private readonly Divisor _channels;
    private readonly int _hasFours;
    private PhaseAxis _rows;
    private PhaseAxis _columns;

    /// <summary>The windows of a convolution, which hold its output or the gradient of it.</summary>
    /// <param name="source">(N, OH, OW, OC).</param>
    /// <param name="zeros">(4), what lies around it.</param>
    /// <param name="shape">The convolution.</param>
    /// <param name="isAligned">Whether the source begins at a multiple of four floats.</param>
    public PhaseWindows(ArrayView<float> source, ArrayView<float> zeros, Conv2dShape shape, bool isAligned)
    {
        _hasFours = isAligned && shape.OutChannels % 4 == 0 ? 1 : 0;
        _source = source;
        _zeros = zeros;
        _phases = new Phases(shape);
        _height = shape.OutHeight;
        _width = shape.OutWidth;
        _channels = new Divisor(shape.OutChannels);
        _rows = default;
        _columns = default;
    }

    /// <inheritdoc/>
    public readonly int Outers => _phases.Pixels;

    /// <inheritdoc/>
    public readonly int Inners => _rows.Taps * _columns.Taps * _channels.Value;

    /// <inheritdoc/>
    public readonly bool InnerIsDense => true;

    /// <inheritdoc/>
    public readonly bool HasFours => _hasFours != 0;

    /// <inheritdoc/>
    public void SelectSlice(int part)
    {
        _rows = _phases.Rows(part);
        _columns = _phases.Columns(part);
    }

    /// <inheritdoc/>
    public readonly ElementIndex Outer(int index)
    {
        ElementIndex pixel = _phases.Pixel(index);
        int row = pixel.Row + _rows.Shift;
        int column = pixel.Column + _columns.Shift;
        return new ElementIndex(((((pixel.Offset * _height) + row) * _width) + column) * _channels.Value, row, column);
    }

    /// <inheritdoc/>
    public readonly ElementIndex Inner(int index)
    {
        int tap = _channels.Quotient(index);
        int row = _columns.Quotient(tap);
        int column = tap - (row * _columns.Taps);
        int channel = index - (tap * _channels.Value);
        return new ElementIndex(channel - (((row * _width) + column) * _channels.Value), -row, -column);
    }

    /// <inheritdoc/>
    public readonly float Element(ElementIndex outer, ElementIndex inner)
    {
        bool inside = IsInside(outer, inner);
        return (inside ? _source : _zeros)[inside ? outer.Offset + inner.Offset : 0];
    }

    /// <inheritdoc/>
    public readonly Float4 Four(ElementIndex outer, ElementIndex inner)
    {
        bool inside = IsInside(outer, inner);
        return Float4.At(inside ? _source : _zeros, inside ? outer.Offset + inner.Offset : 0);
    }

    private readonly bool IsInside(ElementIndex outer, ElementIndex inner)
    {
        int row = outer.Row + inner.Row;
        int column = outer.Column + inner.Column;
        return row >= 0 && row < _height && column >= 0 && column < _width;
    }
}

/// <summary>
/// The kernel elements that a phase meets: outer index the channel of the image, inner (t down, t across, channel of the windows).
/// </summary>
public struct PhaseKernel : IGemmOperand
{
    private readonly ArrayView<float> _weight;
    private readonly Phases _phases;
    private readonly Divisor _channels;
    private readonly int _tapStride;
    private readonly int _channelStride;
    private readonly int _outerStride;
    private readonly int _hasFours;
    private PhaseAxis _rows;
    private PhaseAxis _columns;

    private PhaseKernel(ArrayView<float> weight, Conv2dShape shape, int tapStride, int channelStride, int outerStride, bool isAligned)
    {
        _hasFours = isAligned && (outerStride == 1 ? shape.InChannels : shape.OutChannels) % 4 == 0 ? 1 : 0;
        _weight = weight;
        _phases = new Phases(shape);
        _channels = new Divisor(shape.OutChannels);
        _tapStride = tapStride;
        _channelStride = channelStride;
        _outerStride = outerStride;
        Outers = shape.InChannels;
        _rows = default;
        _columns = default;
    }

    /// <inheritdoc/>
    public int Outers { get; }

    /// <inheritdoc/>
    public readonly int Inners => _rows.Taps * _columns.Taps * _channels.Value;

    /// <inheritdoc/>
    public readonly bool InnerIsDense => _outerStride != 1;

    /// <inheritdoc/>
    public readonly bool HasFours => _hasFours != 0;

    /// <summary>The weight of a convolution, (KH, KW, IC, OC).</summary>
    public static PhaseKernel OfConv2d(ArrayView<float> weight, Conv2dShape shape, bool isAligned) =>
        new(weight, shape, shape.InChannels * shape.OutChannels, 1, shape.OutChannels, isAligned);

    /// <summary>The weight of a transposed convolution, (OC, KH, KW, IC) in the terms of the convolution that goes the other way.</summary>
    public static PhaseKernel OfConvTranspose2d(ArrayView<float> weight, Conv2dShape shape, bool isAligned) =>
        new(weight, shape, shape.InChannels, shape.KernelHeight * shape.KernelWidth * shape.InChannels, 1, isAligned);

    /// <inheritdoc/>
    public void SelectSlice(int part)
    {
        _rows = _phases.Rows(part);
        _columns = _phases.Columns(part);
    }

    /// <inheritdoc/>
    public readonly ElementIndex Outer(int index) => new(index * _outerStride, 0, 0);

    /// <inheritdoc/>
    public readonly ElementIndex Inner(int index)
    {
        int tap = _channels.Quotient(index);
        int row = _columns.Quotient(tap);
        int kh = _rows.First + (_phases.Stride * row);
        int kw = _columns.First + (_phases.Stride * (tap - (row * _columns.Taps)));
        int channel = index - (tap * _channels.Value);
        return new ElementIndex((((kh * _phases.KernelWidth) + kw) * _tapStride) + (channel * _channelStride), 0, 0);
    }

    /// <inheritdoc/>
    public readonly float Element(ElementIndex outer, ElementIndex inner) => _weight[outer.Offset + inner.Offset];

    /// <inheritdoc/>
    public readonly Float4 Four(ElementIndex outer, ElementIndex inner) => Float4.At(_weight, outer.Offset + inner.Offset);
}
