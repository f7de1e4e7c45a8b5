using System.Numerics;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Operands;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

// The matrix product that linear layers and convolutions are. How it is cut depends on sizes and the kind of device alone.
internal sealed partial class IlgpuBackend
{
    /// <summary>In place of a tile's side: one thread computes one element.</summary>
    private const int Naive = 0;

    /// <summary>Results with fewer columns or rows than this leave most of a tile empty; elements of short sums are computed by themselves there.</summary>
    private const int MinTileSide = 5, ShortSum = 256;

    /// <summary>
    /// Steps of tiles that the simulator takes at most: each has two barriers, and at a barrier 16 threads of the system wait for each other,
    /// a tenth of a millisecond. Larger products go element by element there.
    /// </summary>
    private const int MaxSimulatedSteps = 64;

    /// <summary>Threads that keep a large GPU busy: 132 multiprocessors, and 16 warps to choose from for each.</summary>
    private const int ManyThreads = 132 * 16 * 32;

    /// <summary>Inner indices that are worth a part of their own.</summary>
    private const int MinInnersPerPart = 64;

    /// <summary>A product with an output that the sums overwrite, or are added to.</summary>
    /// <param name="left">Left factor.</param>
    /// <param name="right">Right factor.</param>
    /// <param name="bias">(columns), or empty for none.</param>
    /// <param name="output">(rows, columns).</param>
    /// <param name="adds">Whether it is added to.</param>
    private void Product<TLeft, TRight>(TLeft left, TRight right, DeviceView<float> bias, DeviceView<float> output, bool adds)
        where TLeft : struct, IGemmOperand
        where TRight : struct, IGemmOperand
    {
        int rows = left.Outers, columns = right.Outers, length = rows * columns;
        MatrixOutput whole = new(On(output), On(bias), columns, 0, adds, IsAligned(output) && IsAligned(bias));
        int side = ChooseSide(rows, columns, left.Inners);
        int parts = side == Naive ? 1 : ChooseParts(Tiles(rows, side) * Tiles(columns, side), side, left.Inners, length);
        if (parts == 1)
        {
            LaunchProduct(left, right, whole, side, int.MaxValue, 1);
            return;
        }

        // A long sum of few elements is cut into parts, so that there are groups for the whole device.
        int innersPerPart = RoundUp(DivideUp(left.Inners, parts), side);
        parts = DivideUp(left.Inners, innersPerPart);
        ArrayView<float> sums = Workspace(parts * length);
        MatrixOutput partial = new(sums, ArrayView<float>.Empty, columns, length, false, isAligned: length % 4 == 0);
        LaunchProduct(left, right, partial, side, innersPerPart, parts);
        SumParts(sums, parts, length, whole, columns);
    }

    /// <summary>Launches a product of several parts: parts of its sums, or products of their own.</summary>
    private void LaunchProduct<TLeft, TRight, TOutput>(TLeft left, TRight right, TOutput output, int side, int innersPerPart, int parts)
        where TLeft : struct, IGemmOperand
        where TRight : struct, IGemmOperand
        where TOutput : struct, IProductOutput
    {
        if (side == Naive)
        {
            int size = _device.LooseGroupSize;
            KernelConfig config = new(new Index2D(DivideUp(left.Outers * right.Outers, size), parts), new Index2D(size, 1));
            Launch(config, MatrixProductKernels.Naive, left, right, output);
            return;
        }

        int tileColumns = Tiles(right.Outers, side);
        ProductSize cut = new(tileColumns, Tiles(left.Outers, side) * tileColumns, innersPerPart);
        KernelConfig tiled = new(cut.Tiles * parts, side * side);
        switch (side)
        {
            case 16:
                Launch(tiled, MatrixProductKernels.Tiled<TLeft, TRight, TOutput, Side16>, left, right, output, cut);
                break;
            case 8:
                Launch(tiled, MatrixProductKernels.Tiled<TLeft, TRight, TOutput, Side8>, left, right, output, cut);
                break;
            default:
                Launch(tiled, MatrixProductKernels.Tiled<TLeft, TRight, TOutput, Side4>, left, right, output, cut);
                break;
        }
    }

    /// <summary>Large tiles where there are enough of them for the device, small ones else; or none at all.</summary>
    private int ChooseSide(int rows, int columns, int inners)
    {
        const int Small = 4, Medium = 8, Large = 16;
        if (Math.Min(rows, columns) < MinTileSide && inners <= ShortSum)
        {
            return Naive;
        }

        if (_device.Kind == IlgpuKind.Simulator)
        {
            return (long)Tiles(rows, Small) * Tiles(columns, Small) * DivideUp(inners, Small) > MaxSimulatedSteps ? Naive : Small;
        }

        bool fits = GroupSize >= Large * Large && columns > 4 * Medium;
        long threads = (long)Tiles(rows, Large) * Tiles(columns, Large) * Math.Max(1, inners / MinInnersPerPart) * Large * Large;
        return fits && threads >= ManyThreads ? Large : Medium;
    }

    /// <summary>Into how many parts the sums of a product are cut.</summary>
    private static int ChooseParts(int tiles, int side, int inners, int length)
    {
        int wanted = Math.Min(ManyThreads / (tiles * side * side), inners / MinInnersPerPart);
        return Math.Clamp(wanted, 1, Math.Max(1, WorkspaceLength / length));
    }

    /// <summary>Tiles along a side of the result.</summary>
    private static int Tiles(int length, int side) => DivideUp(length, 4 * side);

    private static int DivideUp(int value, int divisor) => ((value - 1) / divisor) + 1;

    private static int RoundUp(int value, int divisor) => DivideUp(value, divisor) * divisor;

    /// <summary>The smallest power of two that is not less.</summary>
    private static int PowerOfTwoFrom(int value) => (int)BitOperations.RoundUpToPowerOf2((uint)value);
}
