using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Inception;

/// <summary>
/// The images as the Inception network takes them: resized to 299 x 299, of three channels, from -1 to 1. A gray image is repeated in all
/// three.
/// </summary>
/// <remarks>
/// The resize is that of TensorFlow 1 (resize_bilinear), as in the FID's first code and in torch-fidelity: pixel i of the result lies at
/// i · side / 299 of the image, without half a pixel, and without a filter where images shrink. pytorch-fid takes PyTorch's interpolation,
/// with half a pixel: its values are a little different. A byte b becomes (b - 128) / 128.
/// </remarks>
internal sealed class InceptionImages
{
    private const int Side = InceptionPlan.Side, Channels = InceptionPlan.Channels;

    private readonly ImageShape _shape;
    private readonly int[] _low = new int[Side];
    private readonly int[] _high = new int[Side];
    private readonly float[] _share = new float[Side];

    /// <summary>Prepares the resize of images of one shape.</summary>
    public InceptionImages(ImageShape shape)
    {
        _shape = shape;
        float scale = (float)shape.Side / Side;
        for (int i = 0; i < Side; i++)
        {
            float position = i * scale;
            _low[i] = (int)position;
            _high[i] = Math.Min(_low[i] + 1, shape.Side - 1);
            _share[i] = position - _low[i];
        }
    }

    /// <summary>Floats of one image, 299 · 299 · 3.</summary>
    public static int Length => Side * Side * Channels;

    /// <summary>Resizes some images.</summary>
    /// <param name="pixels">(count, S, S, C).</param>
    /// <param name="resized">(count, 299, 299, 3), from -1 to 1.</param>
    public void Resize(ReadOnlySpan<byte> pixels, Span<float> resized)
    {
        for (int n = 0; n < resized.Length / Length; n++)
        {
            ReadOnlySpan<byte> image = pixels.Slice(n * _shape.Length, _shape.Length);
            Span<float> target = resized.Slice(n * Length, Length);
            for (int y = 0; y < Side; y++)
            {
                ResizeRow(image, y, target.Slice(y * Side * Channels, Side * Channels));
            }
        }
    }

    private void ResizeRow(ReadOnlySpan<byte> image, int y, Span<float> row)
    {
        int channels = _shape.Channels, length = _shape.Side * channels;
        ReadOnlySpan<byte> above = image.Slice(_low[y] * length, length), below = image.Slice(_high[y] * length, length);
        for (int x = 0; x < Side; x++)
        {
            int left = _low[x] * channels, right = _high[x] * channels;
            for (int c = 0; c < channels; c++)
            {
                float top = above[left + c] + ((above[right + c] - above[left + c]) * _share[x]);
                float bottom = below[left + c] + ((below[right + c] - below[left + c]) * _share[x]);
                row[(x * Channels) + c] = (top + ((bottom - top) * _share[y]) - 128) / 128;
            }

            if (channels == ImageShape.Gray)
            {
                row[(x * Channels) + 1] = row[(x * Channels) + 2] = row[x * Channels];
            }
        }
    }
}
