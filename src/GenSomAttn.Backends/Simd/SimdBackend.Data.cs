using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// Gathering of rows and random numbers.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    public void GatherImages(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<float> output)
    {
        OpChecks.GatherImages(images, indices, pixels, output);
        GatherImagesJob job = default;
        job.Images = images.Address();
        job.Indices = indices.Address();
        job.Pixels = pixels;
        job.Output = output.Address();
        _pool.Run(job, indices.Length);
    }

    /// <inheritdoc/>
    public void GatherRows(DeviceView<float> rows, DeviceView<int> indices, RowsShape shape, DeviceView<float> output)
    {
        OpChecks.GatherRows(rows, indices, shape, output);
        ReadOnlySpan<float> source = rows.Span();
        ReadOnlySpan<int> index = indices.Span();
        Span<float> target = output.Span();
        for (int n = 0; n < shape.Rows; n++)
        {
            source.Slice(index[n] * shape.Length, shape.Length).CopyTo(target[(n * shape.Length)..]);
        }
    }

    /// <inheritdoc/>
    public void RandomUniform(RandomKey key, DeviceView<float> output)
    {
        Span<float> numbers = output.Span();
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Philox.Uniform(key, (uint)i);
        }
    }

    /// <inheritdoc/>
    public void RandomNormal(RandomKey key, DeviceView<float> output)
    {
        Span<float> numbers = output.Span();
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Philox.Normal(key, (uint)i);
        }
    }

    /// <summary>One item is one image.</summary>
    private struct GatherImagesJob : IJob
    {
        public byte* Images;
        public int* Indices;
        public int Pixels;
        public float* Output;

        public readonly void Execute(int item, int worker)
        {
            byte* image = Images + ((long)Indices[item] * Pixels);
            float* output = Output + ((long)item * Pixels);
            int pixel = 0;
            for (; pixel <= Pixels - TVector.Count; pixel += TVector.Count)
            {
                (TVector.LoadBytes(image + pixel) / TVector.Splat(255)).Store(output + pixel);
            }

            for (; pixel < Pixels; pixel++)
            {
                output[pixel] = image[pixel] / 255f;
            }
        }
    }
}
