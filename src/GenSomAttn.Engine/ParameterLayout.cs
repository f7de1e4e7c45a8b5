using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine;

/// <summary>
/// Memory layout of a parameter, native and in PyTorch, whose layouts checkpoints use. A permutation of the axes of the native
/// tensor and a reshape give PyTorch's.
/// </summary>
/// <remarks>
/// Native activations are (N, H, W, C), PyTorch's are (N, C, H, W). So the permutation applies to convolution kernels and also to
/// the features of a linear layer next to a flattened image.
/// </remarks>
public sealed class ParameterLayout
{
    private readonly int[] _native;
    private readonly int[] _permutation;

    private ParameterLayout(int[] native, int[] permutation, int[] torchShape)
    {
        _native = native;
        _permutation = permutation;
        TorchShape = torchShape;
        Length = Product(native);
    }

    /// <summary>PyTorch's dimensions, row-major.</summary>
    public IReadOnlyList<int> TorchShape { get; }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>Returns a layout with the same order natively and in PyTorch.</summary>
    public static ParameterLayout Same(params ReadOnlySpan<int> dimensions)
    {
        int[] shape = dimensions.ToArray();
        return new(shape, [.. Enumerable.Range(0, shape.Length)], shape);
    }

    /// <summary>Returns the layout of a linear layer's weight: native (in, out), PyTorch (out, in).</summary>
    public static ParameterLayout Linear(int inFeatures, int outFeatures) =>
        new([inFeatures, outFeatures], [1, 0], [outFeatures, inFeatures]);

    /// <summary>
    /// Returns the weight layout of a linear layer whose input is a flattened image: native (H, W, C, out), PyTorch (out, C·H·W).
    /// </summary>
    public static ParameterLayout LinearAfterFlatten(int height, int width, int channels, int outFeatures) =>
        new([height, width, channels, outFeatures], [3, 2, 0, 1], [outFeatures, channels * height * width]);

    /// <summary>
    /// Returns the weight layout of a linear layer whose output becomes an image: native (in, H, W, C), PyTorch (C·H·W, in).
    /// </summary>
    public static ParameterLayout LinearBeforeUnflatten(int inFeatures, int height, int width, int channels) =>
        new([inFeatures, height, width, channels], [3, 1, 2, 0], [channels * height * width, inFeatures]);

    /// <summary>Returns the bias layout of a linear layer whose output becomes an image: native (H, W, C), PyTorch (C·H·W).</summary>
    public static ParameterLayout BiasBeforeUnflatten(int height, int width, int channels) =>
        new([height, width, channels], [2, 0, 1], [channels * height * width]);

    /// <summary>Returns the weight layout of a convolution: native (KH, KW, IC, OC), PyTorch (OC, IC, KH, KW).</summary>
    public static ParameterLayout Conv2d(Conv2dShape shape)
    {
        (int kh, int kw, int ic, int oc) = (shape.KernelHeight, shape.KernelWidth, shape.InChannels, shape.OutChannels);
        return new([kh, kw, ic, oc], [3, 2, 0, 1], [oc, ic, kh, kw]);
    }

    /// <summary>Returns the weight layout of a transposed convolution: native (IC, KH, KW, OC), PyTorch (IC, OC, KH, KW).</summary>
    public static ParameterLayout ConvTranspose2d(ConvTranspose2dShape shape)
    {
        (int kh, int kw, int ic, int oc) = (shape.KernelHeight, shape.KernelWidth, shape.InChannels, shape.OutChannels);
        return new([ic, kh, kw, oc], [0, 3, 1, 2], [ic, oc, kh, kw]);
    }

    /// <summary>Permutes elements from native to PyTorch's order.</summary>
    public float[] ToTorch(ReadOnlySpan<float> native)
    {
        float[] torch = new float[Length];
        var walk = new TorchOrder(_native, _permutation);
        for (int i = 0; i < torch.Length; i++)
        {
            torch[i] = native[walk.Next()];
        }

        return torch;
    }

    /// <summary>Permutes elements from PyTorch's to native order.</summary>
    public float[] FromTorch(ReadOnlySpan<float> torch)
    {
        float[] native = new float[Length];
        var walk = new TorchOrder(_native, _permutation);
        for (int i = 0; i < native.Length; i++)
        {
            native[walk.Next()] = torch[i];
        }

        return native;
    }

    private static int Product(int[] dimensions)
    {
        int product = 1;
        foreach (int dimension in dimensions)
        {
            product *= dimension;
        }

        return product;
    }

    /// <summary>Iterator over the elements in PyTorch's order that yields the native offset of each.</summary>
    private ref struct TorchOrder
    {
        private readonly int[] _sizes;
        private readonly int[] _strides;
        private readonly int[] _position;
        private int _offset;

        public TorchOrder(int[] native, int[] permutation)
        {
            int rank = native.Length;
            int[] nativeStrides = new int[rank];
            int stride = 1;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                nativeStrides[axis] = stride;
                stride *= native[axis];
            }

            _sizes = [.. permutation.Select(axis => native[axis])];
            _strides = [.. permutation.Select(axis => nativeStrides[axis])];
            _position = new int[rank];
        }

        public int Next()
        {
            int current = _offset;
            for (int axis = _sizes.Length - 1; axis >= 0; axis--)
            {
                _offset += _strides[axis];
                if (++_position[axis] < _sizes[axis])
                {
                    break;
                }

                _offset -= _strides[axis] * _sizes[axis];
                _position[axis] = 0;
            }

            return current;
        }
    }
}
