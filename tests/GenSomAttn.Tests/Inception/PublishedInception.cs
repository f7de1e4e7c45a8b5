using GenSomAttn.Formats;

namespace GenSomAttn.Tests.Inception;

/// <summary>
/// Names and shapes of the tensors of the weights that pytorch-fid publishes, listed here apart from the program; convolutions of zeros,
/// whose biases differ from channel to channel.
/// </summary>
internal static class PublishedInception
{
    /// <summary>The convolutions: name, output channels, input channels, kernel height and width.</summary>
    private static IEnumerable<(string Name, int Out, int In, int Height, int Width)> Convolutions()
    {
        yield return ("Conv2d_1a_3x3", 32, 3, 3, 3);
        yield return ("Conv2d_2a_3x3", 32, 32, 3, 3);
        yield return ("Conv2d_2b_3x3", 64, 32, 3, 3);
        yield return ("Conv2d_3b_1x1", 80, 64, 1, 1);
        yield return ("Conv2d_4a_3x3", 192, 80, 3, 3);
        foreach ((string name, int input, int pool) in new[] { ("Mixed_5b", 192, 32), ("Mixed_5c", 256, 64), ("Mixed_5d", 288, 64) })
        {
            yield return ($"{name}.branch1x1", 64, input, 1, 1);
            yield return ($"{name}.branch5x5_1", 48, input, 1, 1);
            yield return ($"{name}.branch5x5_2", 64, 48, 5, 5);
            yield return ($"{name}.branch3x3dbl_1", 64, input, 1, 1);
            yield return ($"{name}.branch3x3dbl_2", 96, 64, 3, 3);
            yield return ($"{name}.branch3x3dbl_3", 96, 96, 3, 3);
            yield return ($"{name}.branch_pool", pool, input, 1, 1);
        }

        yield return ("Mixed_6a.branch3x3", 384, 288, 3, 3);
        yield return ("Mixed_6a.branch3x3dbl_1", 64, 288, 1, 1);
        yield return ("Mixed_6a.branch3x3dbl_2", 96, 64, 3, 3);
        yield return ("Mixed_6a.branch3x3dbl_3", 96, 96, 3, 3);
        foreach ((string name, int inner) in new[] { ("Mixed_6b", 128), ("Mixed_6c", 160), ("Mixed_6d", 160), ("Mixed_6e", 192) })
        {
            yield return ($"{name}.branch1x1", 192, 768, 1, 1);
            yield return ($"{name}.branch7x7_1", inner, 768, 1, 1);
            yield return ($"{name}.branch7x7_2", inner, inner, 1, 7);
            yield return ($"{name}.branch7x7_3", 192, inner, 7, 1);
            yield return ($"{name}.branch7x7dbl_1", inner, 768, 1, 1);
            yield return ($"{name}.branch7x7dbl_2", inner, inner, 7, 1);
            yield return ($"{name}.branch7x7dbl_3", inner, inner, 1, 7);
            yield return ($"{name}.branch7x7dbl_4", inner, inner, 7, 1);
            yield return ($"{name}.branch7x7dbl_5", 192, inner, 1, 7);
            yield return ($"{name}.branch_pool", 192, 768, 1, 1);
        }

        yield return ("Mixed_7a.branch3x3_1", 192, 768, 1, 1);
        yield return ("Mixed_7a.branch3x3_2", 320, 192, 3, 3);
        yield return ("Mixed_7a.branch7x7x3_1", 192, 768, 1, 1);
        yield return ("Mixed_7a.branch7x7x3_2", 192, 192, 1, 7);
        yield return ("Mixed_7a.branch7x7x3_3", 192, 192, 7, 1);
        yield return ("Mixed_7a.branch7x7x3_4", 192, 192, 3, 3);
        foreach ((string name, int input) in new[] { ("Mixed_7b", 1280), ("Mixed_7c", 2048) })
        {
            yield return ($"{name}.branch1x1", 320, input, 1, 1);
            yield return ($"{name}.branch3x3_1", 384, input, 1, 1);
            yield return ($"{name}.branch3x3_2a", 384, 384, 1, 3);
            yield return ($"{name}.branch3x3_2b", 384, 384, 3, 1);
            yield return ($"{name}.branch3x3dbl_1", 448, input, 1, 1);
            yield return ($"{name}.branch3x3dbl_2", 384, 448, 3, 3);
            yield return ($"{name}.branch3x3dbl_3a", 384, 384, 1, 3);
            yield return ($"{name}.branch3x3dbl_3b", 384, 384, 3, 1);
            yield return ($"{name}.branch_pool", 192, input, 1, 1);
        }
    }

    /// <summary>All tensors.</summary>
    public static IEnumerable<SafetensorsTensor> Tensors()
    {
        foreach ((string name, int channels, int input, int height, int width) in Convolutions())
        {
            float[] ones = [.. Enumerable.Repeat(1f, channels)];
            yield return SafetensorsTensor.Of(
                $"{name}.conv.weight", [channels, input, height, width], new float[channels * input * height * width]);
            yield return SafetensorsTensor.Of($"{name}.bn.weight", [channels], ones);
            yield return SafetensorsTensor.Of($"{name}.bn.bias", [channels], Biases(name, channels));
            yield return SafetensorsTensor.Of($"{name}.bn.running_mean", [channels], new float[channels]);
            yield return SafetensorsTensor.Of($"{name}.bn.running_var", [channels], ones);
        }

        float[] weight = [.. Enumerable.Range(0, 1008 * 2048).Select(i => ((i % 97) - 48) / 4800f)];
        yield return SafetensorsTensor.Of("fc.weight", [1008, 2048], weight);
        yield return SafetensorsTensor.Of("fc.bias", [1008], [.. Enumerable.Repeat(100f, 1008)]);
    }

    /// <summary>The biases of the last block's convolutions that end a branch, in the order of their channels.</summary>
    public static float[] LastBiases()
    {
        string[] ends = ["branch1x1", "branch3x3_2a", "branch3x3_2b", "branch3x3dbl_3a", "branch3x3dbl_3b", "branch_pool"];
        return
        [
            .. ends.SelectMany(end => Convolutions().Where(conv => conv.Name == $"Mixed_7c.{end}")
                .SelectMany(conv => Biases(conv.Name, conv.Out))),
        ];
    }

    /// <summary>Whole numbers from 1 on, different for each branch of a block.</summary>
    private static float[] Biases(string name, int channels) =>
        [.. Enumerable.Range(0, channels).Select(channel => (float)(1 + channel + (name.Sum(letter => letter) % 16 * 512)))];
}
