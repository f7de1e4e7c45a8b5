using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Engine;

/// <summary>
/// Where the elements of a parameter lie, here and in PyTorch, whose layouts checkpoints use. Seen as a tensor of the
/// native dimensions, a parameter becomes PyTorch's by a permutation of its axes and a reshape.
/// </summary>
/// <remarks>
/// Activations are (N, H, W, C) here and (N, C, H, W) in PyTorch, so not only the kernels of convolutions are permuted, but
/// also the side of a linear layer that meets a flattened image.
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

    /// <summary>Dimensions here, row-major.</summary>
    public IReadOnlyList<int> NativeDimensions => _native;

    /// <summary>Dimensions in PyTorch, row-major.</summary>
    public IReadOnlyList<int> TorchShape { get; }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>The same order on both sides.</summary>
    public static ParameterLayout Same(params ReadOnlySpan<int> dimensions)
    {
        int[] shape = dimensions.ToArray();
        return new(shape, [.. Enumerable.Range(0, shape.Length)], shape);
    }

    /// <summary>(in, out) here, (out, in) in PyTorch.</summary>
    public static ParameterLayout Linear(int inFeatures, int outFeatures) =>
        new([inFeatures, outFeatures], [1, 0], [outFeatures, inFeatures]);

    /// <summary>Weight of a linear layer whose input is a flattened image: (H, W, C, out) here, (out, C·H·W) in PyTorch.</summary>
    public static ParameterLayout LinearAfterFlatten(int height, int width, int channels, int outFeatures) =>
        new([height, width, channels, outFeatures], [3, 2, 0, 1], [outFeatures, channels * height * width]);

    /// <summary>Weight of a linear layer whose output becomes an image: (in, H, W, C) here, (C·H·W, in) in PyTorch.</summary>
    public static ParameterLayout LinearBeforeUnflatten(int inFeatures, int height, int width, int channels) =>
        new([inFeatures, height, width, channels], [3, 1, 2, 0], [channels * height * width, inFeatures]);

    /// <summary>Bias of such a layer: (H, W, C) here, (C·H·W) in PyTorch.</summary>
    public static ParameterLayout BiasBeforeUnflatten(int height, int width, int channels) =>
        new([height, width, channels], [2, 0, 1], [channels * height * width]);

    /// <summary>(KH, KW, IC, OC) here, (OC, IC, KH, KW) in PyTorch.</summary>
    public static ParameterLayout Conv2d(Conv2dShape shape)
    {
        (int kh, int kw, int ic, int oc) = (shape.KernelHeight, shape.KernelWidth, shape.InChannels, shape.OutChannels);
        return new([kh, kw, ic, oc], [3, 2, 0, 1], [oc, ic, kh, kw]);
    }

    /// <summary>(IC, KH, KW, OC) here, (IC, OC, KH, KW) in PyTorch.</summary>
    public static ParameterLayout ConvTranspose2d(ConvTranspose2dShape shape)
    {
        (int kh, int kw, int ic, int oc) = (shape.KernelHeight, shape.KernelWidth, shape.InChannels, shape.OutChannels);
        return new([ic, kh, kw, oc], [0, 3, 1, 2], [ic, oc, kh, kw]);
    }

    /// <summary>The elements in PyTorch's order.</summary>
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

    /// <summary>The elements in the order used here.</summary>
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

    /// <summary>Walks through the elements in PyTorch's order and says where each lies here.</summary>
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
