using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Kernels.Operands;

/// <summary>
/// One axis (height or width) of a transposed convolution, seen from its output image: pixel i receives a contribution from window o
/// through kernel element k where o · stride + k - padding = i. The pixels split into phases, i mod stride. All pixels of a phase use the
/// same kernel elements, k = first + stride · t, and consecutive windows, o = j + shift - t for i = phase + stride · j. Each phase is a
/// separate convolution of stride 1.
/// </summary>
/// <param name="Phase">i mod stride.</param>
/// <param name="First">First kernel element of the phase.</param>
/// <param name="Shift">Window of that element at the phase's first pixel.</param>
/// <param name="Taps">Number of kernel elements of the phase; 0 if the phase falls between kernels (stride larger than the kernel).</param>
public readonly record struct PhaseAxis(int Phase, int First, int Shift, int Taps)
{
    private readonly float _inverse = 1f / Taps;

    /// <summary>
    /// Computes number / <see cref="Taps"/>, rounded down. Exact for numbers below 2^21, where the error of the float product is less
    /// than the half that is added.
    /// </summary>
    public int Quotient(int number) => (int)((number + 0.5f) * _inverse);

    /// <summary>Creates the axis of a phase.</summary>
    public static PhaseAxis Of(int phase, int stride, int padding, int kernel)
    {
        int first = (phase + padding) % stride;
        return new PhaseAxis(phase, first, (phase + padding) / stride, first < kernel ? ((kernel - 1 - first) / stride) + 1 : 0);
    }
}

/// <summary>
/// The phases of a transposed convolution's output image, or of the gradient of a convolution's input. Slice = row phase · stride +
/// column phase. All phases have the size of the largest one; pixels beyond the image's border are not stored.
/// </summary>
public readonly struct Phases
{
    /// <summary>Creates the phases of a convolution's image.</summary>
    /// <param name="shape">A convolution; its input is the image.</param>
    public Phases(Conv2dShape shape)
    {
        Stride = shape.Stride;
        PaddingHeight = shape.PaddingHeight;
        PaddingWidth = shape.PaddingWidth;
        KernelHeight = shape.KernelHeight;
        KernelWidth = shape.KernelWidth;
        ImageHeight = shape.InHeight;
        ImageWidth = shape.InWidth;
        Down = new Divisor(((shape.InHeight - 1) / shape.Stride) + 1);
        Across = new Divisor(((shape.InWidth - 1) / shape.Stride) + 1);
        Pixels = shape.Batch * Down.Value * Across.Value;
    }

    /// <summary>Pixels between two windows, which is also the number of phases of an axis.</summary>
    public int Stride { get; }

    /// <summary>Zero rows above the image.</summary>
    public int PaddingHeight { get; }

    /// <summary>Zero columns on each side of the image.</summary>
    public int PaddingWidth { get; }

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

    /// <summary>Returns the row axis of a slice.</summary>
    public PhaseAxis Rows(int part) => PhaseAxis.Of(part / Stride, Stride, PaddingHeight, KernelHeight);

    /// <summary>Returns the column axis of a slice.</summary>
    public PhaseAxis Columns(int part) => PhaseAxis.Of(part % Stride, Stride, PaddingWidth, KernelWidth);

    /// <summary>Returns (n, row, column) of a pixel within its phase; the offset is n.</summary>
    public ElementIndex Pixel(int index)
    {
        int rows = Across.Quotient(index);
        int n = Down.Quotient(rows);
        return new ElementIndex(n, rows - (n * Down.Value), index - (rows * Across.Value));
    }
}

/// <summary>
/// Left operand of a phase's implicit GEMM: the values of the windows that cover a pixel. Outer index (M): the pixel of the phase. Inner
/// index (K): (t down, t across, channel). Element: source[n, j + shift - t, ..., channel], 0 where there is no such window.
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

    /// <summary>Creates the operand from a convolution's windows, which hold its output or the gradient of its output.</summary>
    /// <param name="source">(N, OH, OW, OC).</param>
    /// <param name="zeros">(4) zeros, read for positions outside the source.</param>
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
/// Right operand of a phase's implicit GEMM: the kernel elements of the phase. Outer index (N): the channel of the image. Inner index
/// (K): (t down, t across, channel of the windows).
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

    /// <summary>Creates the operand from the weight of a convolution, (KH, KW, IC, OC).</summary>
    public static PhaseKernel OfConv2d(ArrayView<float> weight, Conv2dShape shape, bool isAligned) =>
        new(weight, shape, shape.InChannels * shape.OutChannels, 1, shape.OutChannels, isAligned);

    /// <summary>
    /// Creates the operand from the weight of a transposed convolution, (OC, KH, KW, IC) with the channels of the convolution that it
    /// transposes.
    /// </summary>
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
