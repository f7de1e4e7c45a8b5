using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    /// <inheritdoc/>
    protected override void Pool2dForwardCore(DeviceView<T> input, Pool2dShape shape, Pooling pooling, DeviceView<T> output)
    {
        for (int pixel = 0; pixel < shape.Batch * shape.OutHeight * shape.OutWidth; pixel++)
        {
            int n = pixel / (shape.OutHeight * shape.OutWidth);
            int top = (pixel / shape.OutWidth % shape.OutHeight * shape.Stride) - shape.Padding;
            int left = (pixel % shape.OutWidth * shape.Stride) - shape.Padding;
            Span<T> pooled = Row(output, pixel, shape.Channels);
            pooled.Fill(pooling == Pooling.Max ? T.NegativeInfinity : T.Zero);
            int inside = 0;
            for (int ih = Math.Max(top, 0); ih < Math.Min(top + shape.Kernel, shape.InHeight); ih++)
            {
                for (int iw = Math.Max(left, 0); iw < Math.Min(left + shape.Kernel, shape.InWidth); iw++, inside++)
                {
                    ReadOnlySpan<T> values = Row(input, (((n * shape.InHeight) + ih) * shape.InWidth) + iw, shape.Channels);
                    for (int c = 0; c < shape.Channels; c++)
                    {
                        pooled[c] = pooling == Pooling.Average ? pooled[c] + values[c] : values[c] > pooled[c] ? values[c] : pooled[c];
                    }
                }
            }

            for (int c = 0; pooling == Pooling.Average && c < shape.Channels; c++)
            {
                pooled[c] /= T.CreateChecked(inside);
            }
        }
    }
}
