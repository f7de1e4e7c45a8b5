using GenSomAttn.Kernels;

namespace GenSomAttn.Model.Inception;

/// <summary>A layer of the Inception network, without its sizes: those follow from its input.</summary>
internal abstract record InceptionPlan
{
    /// <summary>Rows and columns of the images that the network takes.</summary>
    public const int Side = 299;

    /// <summary>Channels of the images that the network takes.</summary>
    public const int Channels = 3;

    /// <summary>
    /// The layers from an image, 299 x 299, to its 2,048 features: five convolutions and two poolings, then eleven blocks of branches,
    /// and the mean of every channel.
    /// </summary>
    public static IReadOnlyList<InceptionPlan> Network { get; } =
    [
        Conv("Conv2d_1a_3x3", 32, 3, stride: 2, padding: 0),
        Conv("Conv2d_2a_3x3", 32, 3, stride: 1, padding: 0),
        Conv("Conv2d_2b_3x3", 64, 3),
        HalvingPool,
        Conv("Conv2d_3b_1x1", 80, 1),
        Conv("Conv2d_4a_3x3", 192, 3, stride: 1, padding: 0),
        HalvingPool,
        BlockA("Mixed_5b", 32),
        BlockA("Mixed_5c", 64),
        BlockA("Mixed_5d", 64),
        BlockB("Mixed_6a"),
        BlockC("Mixed_6b", 128),
        BlockC("Mixed_6c", 160),
        BlockC("Mixed_6d", 160),
        BlockC("Mixed_6e", 192),
        BlockD("Mixed_7a"),
        BlockE("Mixed_7b", Pooling.Average),
        BlockE("Mixed_7c", Pooling.Max),
        new PoolPlan(Pooling.Average, 8, 1, 0),
    ];

    /// <summary>The pooling between two parts of the network.</summary>
    private static PoolPlan HalvingPool => new(Pooling.Max, 3, 2, 0);

    /// <summary>Block at 35 x 35: 1x1, 5x5, two 3x3, and pooling.</summary>
    /// <param name="name">Prefix of the names of its tensors.</param>
    /// <param name="poolChannels">Channels after the pooling.</param>
    public static InceptionPlan BlockA(string name, int poolChannels) => new BranchesPlan(
        [Conv($"{name}.branch1x1", 64, 1)],
        [Conv($"{name}.branch5x5_1", 48, 1), Conv($"{name}.branch5x5_2", 64, 5)],
        [
            Conv($"{name}.branch3x3dbl_1", 64, 1), Conv($"{name}.branch3x3dbl_2", 96, 3), Conv($"{name}.branch3x3dbl_3", 96, 3),
        ],
        [new PoolPlan(Pooling.Average, 3, 1, 1), Conv($"{name}.branch_pool", poolChannels, 1)]);

    /// <summary>Block from 35 x 35 to 17 x 17.</summary>
    /// <param name="name">Prefix of the names of its tensors.</param>
    public static InceptionPlan BlockB(string name) => new BranchesPlan(
        [Conv($"{name}.branch3x3", 384, 3, stride: 2, padding: 0)],
        [
            Conv($"{name}.branch3x3dbl_1", 64, 1), Conv($"{name}.branch3x3dbl_2", 96, 3),
            Conv($"{name}.branch3x3dbl_3", 96, 3, stride: 2, padding: 0),
        ],
        [HalvingPool]);

    /// <summary>Block at 17 x 17, with kernels of 1x7 and 7x1.</summary>
    /// <param name="name">Prefix of the names of its tensors.</param>
    /// <param name="inner">Channels between its convolutions.</param>
    public static InceptionPlan BlockC(string name, int inner) => new BranchesPlan(
        [Conv($"{name}.branch1x1", 192, 1)],
        [Conv($"{name}.branch7x7_1", inner, 1), Row($"{name}.branch7x7_2", inner, 7), Column($"{name}.branch7x7_3", 192, 7)],
        [
            Conv($"{name}.branch7x7dbl_1", inner, 1), Column($"{name}.branch7x7dbl_2", inner, 7), Row($"{name}.branch7x7dbl_3", inner, 7),
            Column($"{name}.branch7x7dbl_4", inner, 7), Row($"{name}.branch7x7dbl_5", 192, 7),
        ],
        [new PoolPlan(Pooling.Average, 3, 1, 1), Conv($"{name}.branch_pool", 192, 1)]);

    /// <summary>Block from 17 x 17 to 8 x 8.</summary>
    /// <param name="name">Prefix of the names of its tensors.</param>
    public static InceptionPlan BlockD(string name) => new BranchesPlan(
        [Conv($"{name}.branch3x3_1", 192, 1), Conv($"{name}.branch3x3_2", 320, 3, stride: 2, padding: 0)],
        [
            Conv($"{name}.branch7x7x3_1", 192, 1), Row($"{name}.branch7x7x3_2", 192, 7), Column($"{name}.branch7x7x3_3", 192, 7),
            Conv($"{name}.branch7x7x3_4", 192, 3, stride: 2, padding: 0),
        ],
        [HalvingPool]);

    /// <summary>Block at 8 x 8, two of whose branches end in branches.</summary>
    /// <param name="name">Prefix of the names of its tensors.</param>
    /// <param name="pooling">
    /// The mean in the first such block, and in the second the largest value: so the network was trained, which its authors do not write.
    /// </param>
    public static InceptionPlan BlockE(string name, Pooling pooling) => new BranchesPlan(
        [Conv($"{name}.branch1x1", 320, 1)],
        [
            Conv($"{name}.branch3x3_1", 384, 1),
            new BranchesPlan([Row($"{name}.branch3x3_2a", 384, 3)], [Column($"{name}.branch3x3_2b", 384, 3)]),
        ],
        [
            Conv($"{name}.branch3x3dbl_1", 448, 1), Conv($"{name}.branch3x3dbl_2", 384, 3),
            new BranchesPlan([Row($"{name}.branch3x3dbl_3a", 384, 3)], [Column($"{name}.branch3x3dbl_3b", 384, 3)]),
        ],
        [new PoolPlan(pooling, 3, 1, 1), Conv($"{name}.branch_pool", 192, 1)]);

    private static ConvPlan Conv(string name, int channels, int kernel) => Conv(name, channels, kernel, 1, kernel / 2);

    private static ConvPlan Conv(string name, int channels, int kernel, int stride, int padding) =>
        new(name, channels, kernel, kernel, stride, padding, padding);

    private static ConvPlan Row(string name, int channels, int length) => new(name, channels, 1, length, 1, 0, length / 2);

    private static ConvPlan Column(string name, int channels, int length) => new(name, channels, length, 1, 1, length / 2, 0);
}

/// <summary>Convolution without bias, batch normalization and ReLU.</summary>
/// <param name="Name">Prefix of the names of its tensors.</param>
/// <param name="OutChannels">Channels of the output.</param>
/// <param name="KernelHeight">Rows of the kernel.</param>
/// <param name="KernelWidth">Columns of the kernel.</param>
/// <param name="Stride">Pixels between two windows, both ways.</param>
/// <param name="PaddingHeight">Zero rows above and below the input.</param>
/// <param name="PaddingWidth">Zero columns on each side of the input.</param>
internal sealed record ConvPlan(
    string Name, int OutChannels, int KernelHeight, int KernelWidth, int Stride, int PaddingHeight, int PaddingWidth) : InceptionPlan;

/// <summary>Pooling; the padding counts neither for the largest value nor for the mean.</summary>
/// <param name="Kind">The largest value or the mean.</param>
/// <param name="Kernel">Rows and columns of a window.</param>
/// <param name="Stride">Pixels between two windows, both ways.</param>
/// <param name="Padding">Pixels by which the windows reach beyond the input.</param>
internal sealed record PoolPlan(Pooling Kind, int Kernel, int Stride, int Padding) : InceptionPlan;

/// <summary>Branches with the same input, whose outputs are concatenated channel by channel.</summary>
/// <param name="Branches">The layers of each branch.</param>
internal sealed record BranchesPlan(params IReadOnlyList<InceptionPlan>[] Branches) : InceptionPlan;
