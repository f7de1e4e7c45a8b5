using GenSomAttn.Formats;
using GenSomAttn.Tests.Support;

namespace GenSomAttn.Tests.Inception;

/// <summary>Values of one image between two layers, (H, W, C), in double.</summary>
internal sealed record Planes(int Height, int Width, int Channels, double[] Values)
{
    public double this[int y, int x, int c] => Values[(((y * Width) + x) * Channels) + c];
}

/// <summary>
/// The blocks of the Inception network as plain loops in double, written after their published description and not after the program's
/// plan: batch normalization is not folded, and weights are in PyTorch's layout. It draws each weight when a layer first asks for it.
/// </summary>
internal sealed class ReferenceInception
{
    private readonly Dictionary<string, SafetensorsTensor> _tensors = [];

    /// <summary>Whether zeros of the padding count in a mean, as in torchvision's network, which is another.</summary>
    public bool CountsPadding { get; init; }

    /// <summary>The weights that were drawn.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors => [.. _tensors.Values];

    public Planes BlockA(Planes x, string name, int poolChannels) => Concatenate(
        Conv(x, $"{name}.branch1x1", 64, 1, 1),
        Conv(Conv(x, $"{name}.branch5x5_1", 48, 1, 1), $"{name}.branch5x5_2", 64, 5, 5, padY: 2, padX: 2),
        Conv(
            Conv(Conv(x, $"{name}.branch3x3dbl_1", 64, 1, 1), $"{name}.branch3x3dbl_2", 96, 3, 3, padY: 1, padX: 1),
            $"{name}.branch3x3dbl_3", 96, 3, 3, padY: 1, padX: 1),
        Conv(Average(x), $"{name}.branch_pool", poolChannels, 1, 1));

    public Planes BlockB(Planes x, string name) => Concatenate(
        Conv(x, $"{name}.branch3x3", 384, 3, 3, stride: 2),
        Conv(
            Conv(Conv(x, $"{name}.branch3x3dbl_1", 64, 1, 1), $"{name}.branch3x3dbl_2", 96, 3, 3, padY: 1, padX: 1),
            $"{name}.branch3x3dbl_3", 96, 3, 3, stride: 2),
        Max(x, stride: 2, padding: 0));

    public Planes BlockC(Planes x, string name, int inner)
    {
        Planes one = Conv(x, $"{name}.branch7x7_1", inner, 1, 1);
        one = Conv(one, $"{name}.branch7x7_2", inner, 1, 7, padX: 3);
        one = Conv(one, $"{name}.branch7x7_3", 192, 7, 1, padY: 3);
        Planes two = Conv(x, $"{name}.branch7x7dbl_1", inner, 1, 1);
        two = Conv(two, $"{name}.branch7x7dbl_2", inner, 7, 1, padY: 3);
        two = Conv(two, $"{name}.branch7x7dbl_3", inner, 1, 7, padX: 3);
        two = Conv(two, $"{name}.branch7x7dbl_4", inner, 7, 1, padY: 3);
        two = Conv(two, $"{name}.branch7x7dbl_5", 192, 1, 7, padX: 3);
        return Concatenate(Conv(x, $"{name}.branch1x1", 192, 1, 1), one, two, Conv(Average(x), $"{name}.branch_pool", 192, 1, 1));
    }

    public Planes BlockD(Planes x, string name)
    {
        Planes three = Conv(x, $"{name}.branch3x3_1", 192, 1, 1);
        three = Conv(three, $"{name}.branch3x3_2", 320, 3, 3, stride: 2);
        Planes seven = Conv(x, $"{name}.branch7x7x3_1", 192, 1, 1);
        seven = Conv(seven, $"{name}.branch7x7x3_2", 192, 1, 7, padX: 3);
        seven = Conv(seven, $"{name}.branch7x7x3_3", 192, 7, 1, padY: 3);
        seven = Conv(seven, $"{name}.branch7x7x3_4", 192, 3, 3, stride: 2);
        return Concatenate(three, seven, Max(x, stride: 2, padding: 0));
    }

    public Planes BlockE(Planes x, string name, bool poolsByMax)
    {
        Planes three = Conv(x, $"{name}.branch3x3_1", 384, 1, 1);
        Planes twice = Conv(x, $"{name}.branch3x3dbl_1", 448, 1, 1);
        twice = Conv(twice, $"{name}.branch3x3dbl_2", 384, 3, 3, padY: 1, padX: 1);
        return Concatenate(
            Conv(x, $"{name}.branch1x1", 320, 1, 1),
            Conv(three, $"{name}.branch3x3_2a", 384, 1, 3, padX: 1),
            Conv(three, $"{name}.branch3x3_2b", 384, 3, 1, padY: 1),
            Conv(twice, $"{name}.branch3x3dbl_3a", 384, 1, 3, padX: 1),
            Conv(twice, $"{name}.branch3x3dbl_3b", 384, 3, 1, padY: 1),
            Conv(poolsByMax ? Max(x, stride: 1, padding: 1) : Average(x), $"{name}.branch_pool", 192, 1, 1));
    }

    private Planes Conv(
        Planes x, string name, int channels, int kernelHeight, int kernelWidth, int stride = 1, int padY = 0, int padX = 0)
    {
        float[] weight = Drawn($"{name}.conv.weight", [channels, x.Channels, kernelHeight, kernelWidth], value => 0.1f * value);
        float[] gamma = Drawn($"{name}.bn.weight", [channels], value => 1 + (0.2f * value));
        float[] beta = Drawn($"{name}.bn.bias", [channels], value => 0.3f * value);
        float[] mean = Drawn($"{name}.bn.running_mean", [channels], value => 0.3f * value);
        float[] variance = Drawn($"{name}.bn.running_var", [channels], value => 0.02f + (value * value));
        int height = ((x.Height + (2 * padY) - kernelHeight) / stride) + 1, width = ((x.Width + (2 * padX) - kernelWidth) / stride) + 1;
        double[] values = new double[height * width * channels];
        for (int i = 0; i < values.Length; i++)
        {
            int c = i % channels, column = i / channels % width, row = i / channels / width;
            double sum = 0;
            for (int ky = 0; ky < kernelHeight; ky++)
            {
                for (int kx = 0; kx < kernelWidth; kx++)
                {
                    int y = (row * stride) + ky - padY, at = (column * stride) + kx - padX;
                    for (int k = 0; y >= 0 && y < x.Height && at >= 0 && at < x.Width && k < x.Channels; k++)
                    {
                        sum += x[y, at, k] * weight[(((((c * x.Channels) + k) * kernelHeight) + ky) * kernelWidth) + kx];
                    }
                }
            }

            values[i] = Math.Max(0, (gamma[c] * (sum - mean[c]) / Math.Sqrt(variance[c] + 0.001)) + beta[c]);
        }

        return new Planes(height, width, channels, values);
    }

    private Planes Average(Planes x) => Pool(x, 1, 1, window => CountsPadding ? window.Sum() / 9 : window.Average());

    private static Planes Max(Planes x, int stride, int padding) => Pool(x, stride, padding, window => window.Max());

    private static Planes Pool(Planes x, int stride, int padding, Func<IEnumerable<double>, double> of)
    {
        int height = ((x.Height + (2 * padding) - 3) / stride) + 1, width = ((x.Width + (2 * padding) - 3) / stride) + 1;
        double[] values =
        [
            .. from row in Enumerable.Range(0, height)
               from column in Enumerable.Range(0, width)
               from c in Enumerable.Range(0, x.Channels)
               select of(
                   from y in Enumerable.Range((row * stride) - padding, 3)
                   from at in Enumerable.Range((column * stride) - padding, 3)
                   where y >= 0 && y < x.Height && at >= 0 && at < x.Width
                   select x[y, at, c]),
        ];
        return new Planes(height, width, x.Channels, values);
    }

    private static Planes Concatenate(params Planes[] parts)
    {
        (int height, int width) = (parts[0].Height, parts[0].Width);
        double[] values =
        [
            .. from pixel in Enumerable.Range(0, height * width)
               from part in parts
               from c in Enumerable.Range(0, part.Channels)
               select part.Values[(pixel * part.Channels) + c],
        ];
        return new Planes(height, width, parts.Sum(part => part.Channels), values);
    }

    private float[] Drawn(string name, int[] shape, Func<float, float> scaled)
    {
        int length = shape.Aggregate(1, (product, size) => product * size);
        float[] values = [.. Draw.Normal(length, (uint)_tensors.Count).Select(scaled)];
        _tensors.Add(name, SafetensorsTensor.Of(name, shape, values));
        return values;
    }
}
