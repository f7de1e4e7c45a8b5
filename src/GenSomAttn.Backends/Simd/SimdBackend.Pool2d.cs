using GenSomAttn.Backends.Simd.Rows;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void Pool2dForwardCore(DeviceView<float> input, Pool2dShape shape, Pooling pooling, DeviceView<float> output)
    {
        PoolJob job = default;
        job.Input = input.Address();
        job.Shape = shape;
        job.Pooling = pooling;
        job.Output = output.Address();
        _pool.Run(job, shape.Batch * shape.OutHeight);
    }

    /// <summary>One item is one row of windows.</summary>
    private struct PoolJob : IJob
    {
        public float* Input;
        public Pool2dShape Shape;
        public Pooling Pooling;
        public float* Output;

        public readonly void Execute(int item, int worker)
        {
            (int n, int oh) = Math.DivRem(item, Shape.OutHeight);
            int rowLength = Shape.InWidth * Shape.Channels;
            float* image = Input + ((long)n * Shape.InHeight * rowLength);
            float* pooled = Output + ((long)item * Shape.OutWidth * Shape.Channels);
            int top = Math.Max((oh * Shape.Stride) - Shape.Padding, 0);
            int bottom = Math.Min((oh * Shape.Stride) - Shape.Padding + Shape.Kernel, Shape.InHeight);
            for (int ow = 0; ow < Shape.OutWidth; ow++, pooled += Shape.Channels)
            {
                int left = Math.Max((ow * Shape.Stride) - Shape.Padding, 0);
                int right = Math.Min((ow * Shape.Stride) - Shape.Padding + Shape.Kernel, Shape.InWidth);
                float* window = image + ((long)top * rowLength) + (left * Shape.Channels);
                if (Pooling == Pooling.Max)
                {
                    FindLargest(window, bottom - top, right - left, rowLength, pooled);
                }
                else
                {
                    ComputeMean(window, bottom - top, right - left, rowLength, pooled);
                }
            }
        }

        private readonly void FindLargest(float* window, int rows, int columns, int rowLength, float* pooled)
        {
            int channels = Shape.Channels;
            new Span<float>(pooled, channels).Fill(float.NegativeInfinity);
            for (int row = 0; row < rows; row++, window += rowLength)
            {
                for (int column = 0; column < columns; column++)
                {
                    float* values = window + (column * channels);
                    int c = 0;
                    for (; c <= channels - TVector.Count; c += TVector.Count)
                    {
                        TVector old = TVector.Load(pooled + c), value = TVector.Load(values + c);
                        TVector.WhereLess(old, value, value, old).Store(pooled + c);
                    }

                    for (; c < channels; c++)
                    {
                        pooled[c] = values[c] > pooled[c] ? values[c] : pooled[c];
                    }
                }
            }
        }

        private readonly void ComputeMean(float* window, int rows, int columns, int rowLength, float* pooled)
        {
            new Span<float>(pooled, Shape.Channels).Clear();
            for (int row = 0; row < rows; row++, window += rowLength)
            {
                for (int column = 0; column < columns; column++)
                {
                    ShortRows<TVector>.Add(window + (column * Shape.Channels), Shape.Channels, pooled);
                }
            }

            ShortRows<TVector>.Divide(pooled, rows * columns, Shape.Channels);
        }
    }
}
