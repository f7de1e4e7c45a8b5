using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Gemm;

/// <summary>GEMM with a packed right operand; one item is some rows times some panels.</summary>
internal unsafe struct ProductJob<TVector> : IJob
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Maximum rows and maximum panels of one item of a GEMM.</summary>
    public const int MaxRowsPerItem = 48, MaxPanelsPerItem = 8;

    public float* Input;
    public int Rows;
    public int Depth;
    public Panels<TVector> Panels;
    public float* Output;
    public int RowsPerItem;
    public int PanelGroups;

    /// <summary>Computes output (rows, columns) = input (rows, depth) · panels.</summary>
    public static void Run(WorkerPool pool, float* input, int rows, int depth, Panels<TVector> panels, float* output)
    {
        ProductJob<TVector> job = default;
        job.Input = input;
        job.Rows = rows;
        job.Depth = depth;
        job.Panels = panels;
        job.Output = output;

        // At least eight items, so that threads share evenly; the split depends on sizes alone.
        job.RowsPerItem = Math.Min(MaxRowsPerItem, RoundUp(DivideUp(rows, 8), MatrixTile<TVector>.Height));
        job.PanelGroups = DivideUp(panels.Count, MaxPanelsPerItem);
        pool.Run(job, DivideUp(rows, job.RowsPerItem) * job.PanelGroups);
    }

    public readonly void Execute(int item, int worker)
    {
        int firstRow = item / PanelGroups * RowsPerItem;
        int firstPanel = item % PanelGroups * MaxPanelsPerItem;
        Multiply(firstRow, Math.Min(Rows, firstRow + RowsPerItem), firstPanel, Math.Min(Panels.Count, firstPanel + MaxPanelsPerItem));
    }

    /// <summary>Multiplies some rows by some panels.</summary>
    public readonly void Multiply(int firstRow, int endRow, int firstPanel, int endPanel)
    {
        const int Height = MatrixTile<TVector>.Height;
        float** input = stackalloc float*[Height];
        float** output = stackalloc float*[Height];
        for (int row = firstRow; row < endRow; row += Height)
        {
            for (int r = 0; r < Height; r++)
            {
                long valid = Math.Min(row + r, endRow - 1);
                input[r] = Input + (valid * Depth);
                output[r] = Output + (valid * Panels.Columns);
            }

            Panels.Multiply(input, 1, Depth, firstPanel, endPanel, output, Math.Min(Height, endRow - row));
        }
    }
}
