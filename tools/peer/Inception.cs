using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Peer;

/// <summary>
/// The Inception network of pytorch-fid with random weights: writes weights, images and the output of every block as safetensors files, for a
/// comparison with another implementation.
/// </summary>
static class Inception
{
    const int Images = 2, Side = 299;
    const double Epsilon = 1e-3;

    static readonly Dictionary<string, Tensor> Weights = [], Outputs = [];

    public static void Run(string folder)
    {
        using var _ = no_grad();
        Tensor x = Keep("images", 2 * rand(Images, 3, Side, Side) - 1);
        x = Keep("Conv2d_1a_3x3", Conv(x, "Conv2d_1a_3x3", 32, 3, 3, stride: 2));
        x = Keep("Conv2d_2a_3x3", Conv(x, "Conv2d_2a_3x3", 32, 3, 3));
        x = Keep("Conv2d_2b_3x3", Conv(x, "Conv2d_2b_3x3", 64, 3, 3, padY: 1, padX: 1));
        x = Keep("pool1", Max(x, 2, 0));
        x = Keep("Conv2d_3b_1x1", Conv(x, "Conv2d_3b_1x1", 80, 1, 1));
        x = Keep("Conv2d_4a_3x3", Conv(x, "Conv2d_4a_3x3", 192, 3, 3));
        x = Keep("pool2", Max(x, 2, 0));
        x = Keep("Mixed_5b", BlockA(x, "Mixed_5b", 32));
        x = Keep("Mixed_5c", BlockA(x, "Mixed_5c", 64));
        x = Keep("Mixed_5d", BlockA(x, "Mixed_5d", 64));
        x = Keep("Mixed_6a", BlockB(x, "Mixed_6a"));
        x = Keep("Mixed_6b", BlockC(x, "Mixed_6b", 128));
        x = Keep("Mixed_6c", BlockC(x, "Mixed_6c", 160));
        x = Keep("Mixed_6d", BlockC(x, "Mixed_6d", 160));
        x = Keep("Mixed_6e", BlockC(x, "Mixed_6e", 192));
        x = Keep("Mixed_7a", BlockD(x, "Mixed_7a"));
        x = Keep("Mixed_7b", BlockE(x, "Mixed_7b", Average));
        x = Keep("Mixed_7c", BlockE(x, "Mixed_7c", y => Max(y, 1, 1)));
        Keep("features", x.mean([2L, 3L], keepdim: true));
        Weights["fc.weight"] = 0.05 * randn(1008, 2048);
        Weights["fc.bias"] = 0.1 * randn(1008);
        Directory.CreateDirectory(folder);
        Save(Path.Combine(folder, "weights.safetensors"), Weights);
        Save(Path.Combine(folder, "outputs.safetensors"), Outputs);
        Console.WriteLine($"{Weights.Count} weights and {Outputs.Count} outputs are in {folder}");
    }

    static Tensor Keep(string name, Tensor value) => Outputs[name] = value;

    static Tensor BlockA(Tensor x, string name, int pool)
    {
        Tensor five = Conv(Conv(x, $"{name}.branch5x5_1", 48, 1, 1), $"{name}.branch5x5_2", 64, 5, 5, padY: 2, padX: 2);
        Tensor three = Conv(Conv(x, $"{name}.branch3x3dbl_1", 64, 1, 1), $"{name}.branch3x3dbl_2", 96, 3, 3, padY: 1, padX: 1);
        three = Conv(three, $"{name}.branch3x3dbl_3", 96, 3, 3, padY: 1, padX: 1);
        return cat([Conv(x, $"{name}.branch1x1", 64, 1, 1), five, three, Conv(Average(x), $"{name}.branch_pool", pool, 1, 1)], 1);
    }

    static Tensor BlockB(Tensor x, string name)
    {
        Tensor twice = Conv(Conv(x, $"{name}.branch3x3dbl_1", 64, 1, 1), $"{name}.branch3x3dbl_2", 96, 3, 3, padY: 1, padX: 1);
        twice = Conv(twice, $"{name}.branch3x3dbl_3", 96, 3, 3, stride: 2);
        return cat([Conv(x, $"{name}.branch3x3", 384, 3, 3, stride: 2), twice, Max(x, 2, 0)], 1);
    }

    static Tensor BlockC(Tensor x, string name, int inner)
    {
        Tensor one = Conv(Conv(x, $"{name}.branch7x7_1", inner, 1, 1), $"{name}.branch7x7_2", inner, 1, 7, padX: 3);
        one = Conv(one, $"{name}.branch7x7_3", 192, 7, 1, padY: 3);
        Tensor two = Conv(Conv(x, $"{name}.branch7x7dbl_1", inner, 1, 1), $"{name}.branch7x7dbl_2", inner, 7, 1, padY: 3);
        two = Conv(Conv(two, $"{name}.branch7x7dbl_3", inner, 1, 7, padX: 3), $"{name}.branch7x7dbl_4", inner, 7, 1, padY: 3);
        two = Conv(two, $"{name}.branch7x7dbl_5", 192, 1, 7, padX: 3);
        return cat([Conv(x, $"{name}.branch1x1", 192, 1, 1), one, two, Conv(Average(x), $"{name}.branch_pool", 192, 1, 1)], 1);
    }

    static Tensor BlockD(Tensor x, string name)
    {
        Tensor three = Conv(Conv(x, $"{name}.branch3x3_1", 192, 1, 1), $"{name}.branch3x3_2", 320, 3, 3, stride: 2);
        Tensor seven = Conv(Conv(x, $"{name}.branch7x7x3_1", 192, 1, 1), $"{name}.branch7x7x3_2", 192, 1, 7, padX: 3);
        seven = Conv(Conv(seven, $"{name}.branch7x7x3_3", 192, 7, 1, padY: 3), $"{name}.branch7x7x3_4", 192, 3, 3, stride: 2);
        return cat([three, seven, Max(x, 2, 0)], 1);
    }

    static Tensor BlockE(Tensor x, string name, Func<Tensor, Tensor> pool)
    {
        Tensor three = Conv(x, $"{name}.branch3x3_1", 384, 1, 1);
        Tensor twice = Conv(Conv(x, $"{name}.branch3x3dbl_1", 448, 1, 1), $"{name}.branch3x3dbl_2", 384, 3, 3, padY: 1, padX: 1);
        return cat(
            [
                Conv(x, $"{name}.branch1x1", 320, 1, 1),
                Conv(three, $"{name}.branch3x3_2a", 384, 1, 3, padX: 1), Conv(three, $"{name}.branch3x3_2b", 384, 3, 1, padY: 1),
                Conv(twice, $"{name}.branch3x3dbl_3a", 384, 1, 3, padX: 1), Conv(twice, $"{name}.branch3x3dbl_3b", 384, 3, 1, padY: 1),
                Conv(pool(x), $"{name}.branch_pool", 192, 1, 1),
            ],
            1);
    }

    /// <summary>Convolution, batch normalization and ReLU, with weights that keep the size of the values.</summary>
    static Tensor Conv(Tensor x, string name, int channels, int height, int width, int stride = 1, int padY = 0, int padX = 0)
    {
        long inputs = x.shape[1] * height * width;
        Tensor weight = Weights[$"{name}.conv.weight"] = Math.Sqrt(2.0 / inputs) * randn(channels, x.shape[1], height, width);
        Tensor gamma = Weights[$"{name}.bn.weight"] = 1 + 0.2 * randn(channels);
        Tensor beta = Weights[$"{name}.bn.bias"] = 0.1 * randn(channels);
        Tensor mean = Weights[$"{name}.bn.running_mean"] = 0.1 * randn(channels);
        Tensor variance = Weights[$"{name}.bn.running_var"] = 0.7 + 0.6 * rand(channels);
        Tensor y = conv2d(x, weight, null, [stride, stride], [padY, padX]);
        return relu(batch_norm(y, mean, variance, gamma, beta, false, 0.1, Epsilon));
    }

    static Tensor Average(Tensor x) => avg_pool2d(x, [3L, 3L], [1L, 1L], [1L, 1L], false, false);

    static Tensor Max(Tensor x, long stride, long padding) => max_pool2d(x, [3L, 3L], [stride, stride], [padding, padding]);

    /// <summary>Writes tensors as a safetensors file.</summary>
    static void Save(string path, Dictionary<string, Tensor> tensors)
    {
        var header = new StringBuilder("{");
        long begin = 0;
        foreach ((string name, Tensor tensor) in tensors)
        {
            long end = begin + 4 * tensor.numel();
            string shape = string.Join(",", tensor.shape);
            header.Append(CultureInfo.InvariantCulture, $"{(begin == 0 ? "" : ",")}\"{name}\":{{\"dtype\":\"F32\",\"shape\":[{shape}],\"data_offsets\":[{begin},{end}]}}");
            begin = end;
        }
        byte[] json = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        using FileStream file = File.Create(path);
        file.Write(BitConverter.GetBytes((long)json.Length));
        file.Write(json);
        foreach (Tensor tensor in tensors.Values) file.Write(MemoryMarshal.AsBytes(tensor.contiguous().data<float>().ToArray().AsSpan()));
    }
}
