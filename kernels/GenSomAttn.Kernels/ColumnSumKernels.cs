using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Operands;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>The terms of a column sum.</summary>
public interface IColumnTerm
{
    /// <summary>Returns the term of a row and a column.</summary>
    float At(int row, int column);
}

/// <summary>The elements of a matrix: the gradient of a bias.</summary>
public readonly struct ElementTerm(ArrayView<float> matrix, int columns) : IColumnTerm
{
    private readonly ArrayView<float> _matrix = matrix;

    /// <inheritdoc/>
    public float At(int row, int column) => _matrix[(row * columns) + column];
}

/// <summary>dOutput · x̂ with x̂ = (input - mean) · invStd: the gradient of layer normalization's weight.</summary>
public readonly struct NormalizedTerm(
    ArrayView<float> dOutput, ArrayView<float> input, ArrayView<float> savedMean, ArrayView<float> savedInvStd, int columns) : IColumnTerm
{
    private readonly ArrayView<float> _dOutput = dOutput;
    private readonly ArrayView<float> _input = input;
    private readonly ArrayView<float> _savedMean = savedMean;
    private readonly ArrayView<float> _savedInvStd = savedInvStd;

    /// <inheritdoc/>
    public float At(int row, int column)
    {
        int index = (row * columns) + column;
        return _dOutput[index] * ((_input[index] - _savedMean[row]) * _savedInvStd[row]);
    }
}

/// <summary>
/// Column sums, in two stages if there are many rows. One group takes some neighboring columns and a block of rows. Its threads form
/// lines along the columns, so that reads are coalesced; each line takes rows of the block with a stride of the number of lines.
/// </summary>
public static class ColumnSumKernels
{
    private const int MaxThreads = 256;

    /// <summary>Rows of its line that a thread loads at once, so that the loads overlap.</summary>
    private const int AtOnce = 8;

    /// <summary>All instances that are launched.</summary>
    public static IReadOnlyList<Delegate> Instances { get; } = [Sum<ElementTerm>, Sum<NormalizedTerm>];

    /// <summary>Computes result[block, column] = Σ over the block's rows of the term.</summary>
    /// <param name="term">The terms.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="across">Columns that a group takes, a power of two.</param>
    /// <param name="rowsPerBlock">Rows that a group takes.</param>
    /// <param name="outputColumns">
    /// Columns of the output; element block · columns + column of the result is the element of the output with this linear index.
    /// </param>
    /// <param name="output">Receives the sums.</param>
    public static void Sum<TTerm>(
        TTerm term, int rows, int columns, int across, int rowsPerBlock, Divisor outputColumns, MatrixOutput output)
        where TTerm : struct, IColumnTerm
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(MaxThreads);
        int thread = Group.IdxX;
        int line = thread / across;
        int lines = Group.DimX / across;
        int block = Grid.IdxY;
        int column = (Grid.IdxX * across) + thread - (line * across);
        int end = Math.Min((block + 1) * rowsPerBlock, rows);
        float sum = 0;
        if (column < columns)
        {
            for (int row = (block * rowsPerBlock) + line; row < end; row += AtOnce * lines)
            {
                float first = TermOrZero(term, row, end, column) + TermOrZero(term, row + lines, end, column);
                float second = TermOrZero(term, row + (2 * lines), end, column) + TermOrZero(term, row + (3 * lines), end, column);
                float third = TermOrZero(term, row + (4 * lines), end, column) + TermOrZero(term, row + (5 * lines), end, column);
                float fourth = TermOrZero(term, row + (6 * lines), end, column) + TermOrZero(term, row + (7 * lines), end, column);
                sum += first + second + (third + fourth);
            }
        }

        shared[thread] = sum;
        Group.Barrier();
        for (int half = lines / 2; half > 0; half /= 2)
        {
            if (line < half)
            {
                shared[thread] += shared[thread + (half * across)];
            }

            Group.Barrier();
        }

        if (line == 0 && column < columns)
        {
            int index = (block * columns) + column;
            int outputRow = outputColumns.Quotient(index);
            output.Store(outputRow, index - (outputRow * outputColumns.Value), shared[thread]);
        }
    }

    /// <summary>Returns a term of the block, or 0 beyond it, without a branch before the load.</summary>
    private static float TermOrZero<TTerm>(TTerm term, int row, int end, int column)
        where TTerm : struct, IColumnTerm
    {
        float value = term.At(Math.Min(row, end - 1), column);
        return row < end ? value : 0;
    }
}
