using GenSomAttn.Backends.Simd.Threads;

namespace GenSomAttn.Backends.Simd;

internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    protected override void GatherImagesCore(DeviceView<byte> images, DeviceView<int> indices, int pixels, DeviceView<float> output)
    {
        GatherImagesJob job = default;
        job.Images = images.Address();
        job.Indices = indices.Address();
        job.Pixels = pixels;
        job.Output = output.Address();
        _pool.Run(job, indices.Length);
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
