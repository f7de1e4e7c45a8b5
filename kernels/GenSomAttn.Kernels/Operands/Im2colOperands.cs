using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Kernels.Operands;

/// <summary>
/// The windows of a convolution over its image: the im2col matrix (N·OH·OW, KH·KW·C) of an implicit GEMM, which is never materialized.
/// Element (window, tap) is the pixel that the tap meets when the kernel lies at the window: image[n, oh·stride + kh - padding,
/// ow·stride + kw - padding, c], 0 outside.
/// </summary>
public readonly struct Windows
{
    private readonly ArrayView<float> _image;
    private readonly ArrayView<float> _zeros;
    private readonly int _height;
    private readonly int _width;
    private readonly int _stride;
    private readonly int _paddingHeight;
    private readonly int _paddingWidth;
    private readonly Divisor _windowsDown;
    private readonly Divisor _windowsAcross;
    private readonly Divisor _kernelWidth;
    private readonly Divisor _channels;
    private readonly int _hasFours;

    /// <summary>Creates the windows over an image.</summary>
    /// <param name="image">(N, H, W, C).</param>
    /// <param name="zeros">(4) zeros, read for positions in the padding.</param>
    /// <param name="shape">The convolution whose input is the image; its output channels are not used.</param>
    /// <param name="isAligned">Whether the image begins at a multiple of four floats.</param>
    public Windows(ArrayView<float> image, ArrayView<float> zeros, Conv2dShape shape, bool isAligned)
    {
        _hasFours = isAligned && shape.InChannels % 4 == 0 ? 1 : 0;
        _image = image;
        _zeros = zeros;
        _height = shape.InHeight;
        _width = shape.InWidth;
        _stride = shape.Stride;
        _paddingHeight = shape.PaddingHeight;
        _paddingWidth = shape.PaddingWidth;
        _windowsDown = new Divisor(shape.OutHeight);
        _windowsAcross = new Divisor(shape.OutWidth);
        _kernelWidth = new Divisor(shape.KernelWidth);
        _channels = new Divisor(shape.InChannels);
        Count = shape.OutPixels;
        Taps = shape.KernelHeight * shape.KernelWidth * shape.InChannels;
    }

    /// <summary>Number of windows, N·OH·OW.</summary>
    public int Count { get; }

    /// <summary>Elements of a window, KH·KW·C.</summary>
    public int Taps { get; }

    /// <summary>True if four neighboring channels of a pixel are read with one vector load.</summary>
    public bool HasFours => _hasFours != 0;

    /// <summary>Returns the position of the kernel's upper left corner: (n, oh·stride - padding, ow·stride - padding).</summary>
    public ElementIndex Window(int index)
    {
        int rows = _windowsAcross.Quotient(index);
        int n = _windowsDown.Quotient(rows);
        int row = ((rows - (n * _windowsDown.Value)) * _stride) - _paddingHeight;
        int column = ((index - (rows * _windowsAcross.Value)) * _stride) - _paddingWidth;
        return new ElementIndex(((((n * _height) + row) * _width) + column) * _channels.Value, row, column);
    }

    /// <summary>Returns the position of a tap in the kernel: (kh, kw, c).</summary>
    public ElementIndex Tap(int index)
    {
        int position = _channels.Quotient(index);
        int row = _kernelWidth.Quotient(position);
        int column = position - (row * _kernelWidth.Value);
        int channel = index - (position * _channels.Value);
        return new ElementIndex((((row * _width) + column) * _channels.Value) + channel, row, column);
    }

    /// <summary>Reads the pixel that a tap of a window covers; 0 in the padding.</summary>
    public float Pixel(ElementIndex window, ElementIndex tap)
    {
        bool inside = IsInside(window, tap);

        // In the padding a zero is loaded instead of replacing a loaded value: to replace it, the thread would have to wait for the load,
        // which would undo the prefetch.
        return (inside ? _image : _zeros)[inside ? window.Offset + tap.Offset : 0];
    }

    /// <summary>Reads four channels of the pixel that a tap of a window covers; zeros in the padding.</summary>
    public Float4 FourChannels(ElementIndex window, ElementIndex tap)
    {
        bool inside = IsInside(window, tap);
        return Float4.At(inside ? _image : _zeros, inside ? window.Offset + tap.Offset : 0);
    }

    private bool IsInside(ElementIndex window, ElementIndex tap)
    {
        int row = window.Row + tap.Row;
        int column = window.Column + tap.Column;
        return row >= 0 && row < _height && column >= 0 && column < _width;
    }
}

/// <summary>The im2col matrix with the window as outer index: the left operand of a convolution, with M = windows and K = taps.</summary>
public readonly struct Im2col(Windows windows) : IGemmOperand
{
    private readonly Windows _windows = windows;

    /// <inheritdoc/>
    public int Outers => _windows.Count;

    /// <inheritdoc/>
    public int Inners => _windows.Taps;

    /// <inheritdoc/>
    public bool InnerIsDense => true;

    /// <inheritdoc/>
    public bool HasFours => _windows.HasFours;

    /// <inheritdoc/>
    public void SelectSlice(int part)
    {
    }

    /// <inheritdoc/>
    public ElementIndex Outer(int index) => _windows.Window(index);

    /// <inheritdoc/>
    public ElementIndex Inner(int index) => _windows.Tap(index);

    /// <inheritdoc/>
    public float Element(ElementIndex outer, ElementIndex inner) => _windows.Pixel(outer, inner);

    /// <inheritdoc/>
    public Float4 Four(ElementIndex outer, ElementIndex inner) => _windows.FourChannels(outer, inner);
}

/// <summary>
/// The im2col matrix with the tap as outer index, so that the sum (K) runs over all windows: an operand of the weight gradient.
/// </summary>
public readonly struct Im2colTransposed(Windows windows) : IGemmOperand
{
    private readonly Windows _windows = windows;

    /// <inheritdoc/>
    public int Outers => _windows.Taps;

    /// <inheritdoc/>
    public int Inners => _windows.Count;

    /// <inheritdoc/>
    public bool InnerIsDense => false;

    /// <inheritdoc/>
    public bool HasFours => _windows.HasFours;

    /// <inheritdoc/>
    public void SelectSlice(int part)
    {
    }

    /// <inheritdoc/>
    public ElementIndex Outer(int index) => _windows.Tap(index);

    /// <inheritdoc/>
    public ElementIndex Inner(int index) => _windows.Window(index);

    /// <inheritdoc/>
    public float Element(ElementIndex outer, ElementIndex inner) => _windows.Pixel(inner, outer);

    /// <inheritdoc/>
    public Float4 Four(ElementIndex outer, ElementIndex inner) => _windows.FourChannels(inner, outer);
}
