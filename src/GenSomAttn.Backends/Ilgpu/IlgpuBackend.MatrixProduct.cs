using System.Numerics;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Operands;
using ILGPU;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Ilgpu;

// The GEMM of linear layers and convolutions. Tile size and split-K depend on the sizes and the kind of device alone.
internal sealed partial class IlgpuBackend
{
    /// <summary>Tile side that stands for the naive kernel, one thread per element.</summary>
    private const int Naive = 0;

    /// <summary>
    /// Results with fewer rows or columns than this leave most of a tile empty; up to this length of the sums (K), the naive kernel
    /// computes them.
    /// </summary>
    private const int MinTileSide = 5, ShortSum = 256;

    /// <summary>
    /// Maximum number of tile steps on the simulator: each step has two barriers, and at a barrier 16 operating-system threads wait for
    /// each other, a tenth of a millisecond. Larger products use the naive kernel there.
    /// </summary>
    private const int MaxSimulatedSteps = 64;

    /// <summary>Threads that occupy a large GPU: 132 multiprocessors with 16 warps each.</summary>
    private const int ManyThreads = 132 * 16 * 32;

    /// <summary>Minimum number of inner indices (K) of a split-K slice.</summary>
    private const int MinInnersPerPart = 64;

    /// <summary>Computes a GEMM whose sums overwrite the output or are added to it.</summary>
    /// <param name="left">Left operand.</param>
    /// <param name="right">Right operand.</param>
    /// <param name="bias">(columns), or empty for none.</param>
    /// <param name="output">(rows, columns).</param>
    /// <param name="adds">Whether the sums are added to the output.</param>
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

        // Split-K: the long sums of a small result are split into slices, so that there are groups for the whole device.
        int innersPerPart = RoundUp(DivideUp(left.Inners, parts), side);
        parts = DivideUp(left.Inners, innersPerPart);
        ArrayView<float> sums = Workspace(parts * length);
        MatrixOutput partial = new(sums, ArrayView<float>.Empty, columns, length, false, isAligned: length % 4 == 0);
        LaunchProduct(left, right, partial, side, innersPerPart, parts);
        SumParts(sums, parts, length, whole, columns);
    }

    /// <summary>Launches a GEMM of several slices: split-K slices of one product, or a separate product for each phase.</summary>
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

    /// <summary>
    /// Chooses large tiles where there are enough of them to occupy the device, small ones elsewhere, or the naive kernel.
    /// </summary>
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

    /// <summary>Chooses the number of split-K slices.</summary>
    private static int ChooseParts(int tiles, int side, int inners, int length)
    {
        int wanted = Math.Min(ManyThreads / (tiles * side * side), inners / MinInnersPerPart);
        return Math.Clamp(wanted, 1, Math.Max(1, WorkspaceLength / length));
    }

    /// <summary>Returns the number of tiles along one side of the result.</summary>
    private static int Tiles(int length, int side) => DivideUp(length, 4 * side);

    /// <summary>Returns the smallest power of two that is not less than the value.</summary>
    private static int PowerOfTwoFrom(int value) => (int)BitOperations.RoundUpToPowerOf2((uint)value);
}
