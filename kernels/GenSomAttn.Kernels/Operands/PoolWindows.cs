using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Kernels.Operands;

/// <summary>The part of one window that lies inside its image, and the channel of one element of the output.</summary>
/// <param name="Image">N, the image.</param>
/// <param name="Channel">The channel.</param>
/// <param name="FirstRow">First row inside.</param>
/// <param name="EndRow">Row after the last inside.</param>
/// <param name="FirstColumn">First column inside.</param>
/// <param name="EndColumn">Column after the last inside.</param>
public readonly record struct PoolWindow(int Image, int Channel, int FirstRow, int EndRow, int FirstColumn, int EndColumn);

/// <summary>The windows of a pooling over its images, by the index of an element of the output.</summary>
public readonly struct PoolWindows
{
    private readonly int _height;
    private readonly int _width;
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _padding;
    private readonly Divisor _channels;
    private readonly Divisor _windowsAcross;
    private readonly Divisor _windowsDown;

    /// <summary>Creates the windows of a pooling.</summary>
    public PoolWindows(Pool2dShape shape)
    {
        _height = shape.InHeight;
        _width = shape.InWidth;
        _kernel = shape.Kernel;
        _stride = shape.Stride;
        _padding = shape.Padding;
        _channels = new Divisor(shape.Channels);
        _windowsAcross = new Divisor(shape.OutWidth);
        _windowsDown = new Divisor(shape.OutHeight);
    }

    /// <summary>Returns the window of an element of the output, (n, oh, ow, c).</summary>
    public PoolWindow At(int index)
    {
        int pixel = _channels.Quotient(index);
        int row = _windowsAcross.Quotient(pixel);
        int image = _windowsDown.Quotient(row);
        int top = ((row - (image * _windowsDown.Value)) * _stride) - _padding;
        int left = ((pixel - (row * _windowsAcross.Value)) * _stride) - _padding;
        return new PoolWindow(
            image, index - (pixel * _channels.Value),
            Math.Max(top, 0), Math.Min(top + _kernel, _height), Math.Max(left, 0), Math.Min(left + _kernel, _width));
    }

    /// <summary>Returns the index of an element of the input, (n, row, column, c).</summary>
    public int Element(PoolWindow window, int row, int column) =>
        (((((window.Image * _height) + row) * _width) + column) * _channels.Value) + window.Channel;
}
