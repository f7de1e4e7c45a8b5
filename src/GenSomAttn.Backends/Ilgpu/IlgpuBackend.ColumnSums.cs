using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Operands;
using GenSomAttn.Kernels.Shapes;
using ILGPU;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Ilgpu;

// Column sums of a matrix: gradients of biases and of layer normalization, and the reduction of split-K slices.
internal sealed partial class IlgpuBackend
{
    /// <summary>Maximum rows of a sum in one stage; with two stages, minimum rows of a block and maximum number of blocks.</summary>
    private const int MaxRowsInOneStage = 512, MinRowsOfBlock = 128, MaxBlocks = 256;

    /// <summary>Rows of a thread from which on the group gets another line of threads.</summary>
    private const int MinRowsOfThread = 4;

    /// <summary>
    /// Computes sums[column] += Σ over the rows of a term; many rows are summed in blocks, whose sums are added in a fixed order.
    /// </summary>
    private void AddColumnSums<TTerm>(TTerm term, RowsShape shape, DeviceView<float> sums)
        where TTerm : struct, IColumnTerm
    {
        MatrixOutput output = new(On(sums), ArrayView<float>.Empty, shape.Length, 0, true, isAligned: false);
        if (shape.Rows <= MaxRowsInOneStage)
        {
            LaunchColumnSum(term, shape, shape.Rows, output, shape.Length);
            return;
        }

        int blocks = Math.Clamp(shape.Rows / MinRowsOfBlock, 1, Math.Clamp(WorkspaceLength / shape.Length, 1, MaxBlocks));
        ArrayView<float> parts = Workspace(blocks * shape.Length);
        MatrixOutput partial = new(parts, ArrayView<float>.Empty, shape.Length, 0, false, isAligned: false);
        LaunchColumnSum(term, shape, DivideUp(shape.Rows, blocks), partial, shape.Length);
        SumParts(parts, blocks, shape.Length, output, shape.Length);
    }

    /// <summary>Sums split-K slices or blocks, (count, length), in a fixed order.</summary>
    private void SumParts(ArrayView<float> parts, int count, int length, MatrixOutput output, int outputColumns) =>
        LaunchColumnSum(new ElementTerm(parts, length), new RowsShape(count, length), count, output, outputColumns);

    private void LaunchColumnSum<TTerm>(TTerm term, RowsShape shape, int rowsPerBlock, MatrixOutput output, int outputColumns)
        where TTerm : struct, IColumnTerm
    {
        int widest = GroupSize / Math.Min(GroupSize, PowerOfTwoFrom(DivideUp(rowsPerBlock, MinRowsOfThread)));
        int across = Math.Min(PowerOfTwoFrom(shape.Length), Math.Max(Math.Min(GroupSize, 32), widest));
        KernelConfig config = new(
            new Index2D(DivideUp(shape.Length, across), DivideUp(shape.Rows, rowsPerBlock)), new Index2D(GroupSize, 1));
        Launch(
            config, ColumnSumKernels.Sum, term, shape.Rows, shape.Length, across, rowsPerBlock, new Divisor(outputColumns), output);
    }
}
