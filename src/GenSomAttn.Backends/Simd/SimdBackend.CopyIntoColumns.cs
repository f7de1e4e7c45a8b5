using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Kernels.Shapes;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void CopyIntoColumnsCore(DeviceView<float> part, ColumnsShape shape, DeviceView<float> whole)
    {
        CopyColumnsJob job = default;
        job.Part = part.Address();
        job.Shape = shape;
        job.Whole = whole.Address();
        _pool.Run(job, DivideUp(shape.Rows, CopyColumnsJob.RowsPerItem));
    }

    /// <summary>One item is <see cref="RowsPerItem"/> rows.</summary>
    private struct CopyColumnsJob : IJob
    {
        public const int RowsPerItem = 256;

        public float* Part;
        public ColumnsShape Shape;
        public float* Whole;

        public readonly void Execute(int item, int worker)
        {
            int end = Math.Min(Shape.Rows, (item + 1) * RowsPerItem);
            for (int row = item * RowsPerItem; row < end; row++)
            {
                ShortRows<TVector>.Copy(
                    Part + ((long)row * Shape.Columns), Shape.Columns, Whole + ((long)row * Shape.Width) + Shape.First);
            }
        }
    }
}
