using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Winograd;

/// <summary>
/// Images are processed in blocks that stay in the second-level cache: combine pixels, multiply, combine products. One item is some blocks
/// of images.
/// </summary>
internal unsafe struct WinogradJob<TVector> : IJob
    where TVector : unmanaged, ISimdVector<TVector>
{
    public int Batch;
    public int ImagesPerItem;
    public int Block;
    public SparseRows.View Before;
    public SparseRows.View After;
    public WinogradGroups.View Groups;
    public float* Source;
    public int SourceImage;
    public int SourceChannels;
    public float* Target;
    public int TargetImage;
    public int TargetChannels;
    public int InputRows;
    public int OutputRows;
    public float* Panels;
    public float* Bias;
    public float* Zeros;
    public WorkerScratch Scratch;

    public readonly void Execute(int item, int worker)
    {
        int end = Math.Min(Batch, (item + 1) * ImagesPerItem);
        for (int first = item * ImagesPerItem; first < end; first += Block)
        {
            int images = Math.Min(Block, end - first);
            RunBlock(first, images, Math.Min(Block, end - first - images), Scratch.For(worker));
        }
    }

    /// <summary>Computes one block. During its GEMMs the images of the next block are prefetched.</summary>
    private readonly void RunBlock(int firstImage, int images, int nextImages, float* inputs)
    {
        float* outputs = inputs + ((long)Block * InputRows * SourceChannels);
        for (int i = 0; i < images; i++)
        {
            Before.Combine<TVector>(
                0, Source + ((long)(firstImage + i) * SourceImage), SourceChannels, SourceChannels, Zeros,
                inputs + (i * SourceChannels), images * SourceChannels);
        }

        for (int group = 0; group < Groups.Count; group++)
        {
            Prefetch.Part(
                Source + ((long)(firstImage + images) * SourceImage), (long)nextImages * SourceImage, group, Groups.Count);
            Multiply(group, images, inputs, outputs);
        }

        for (int i = 0; i < images; i++)
        {
            After.Combine<TVector>(
                0, outputs + (i * TargetChannels), images * TargetChannels, TargetChannels, Bias,
                Target + ((long)(firstImage + i) * TargetImage), TargetChannels);
        }
    }

    /// <summary>Computes the GEMM of one group for all images of the block.</summary>
    [SkipLocalsInit]
    private readonly void Multiply(int group, int images, float* inputs, float* outputs)
    {
        const int Height = MatrixTile<TVector>.Height;
        int firstRow = Groups.FirstRow[group];
        int rowsPerImage = Groups.FirstRow[group + 1] - firstRow;
        int firstSegment = Groups.FirstSegment[group];
        int segments = Groups.FirstSegment[group + 1] - firstSegment;
        int* rowInputs = Groups.Inputs + Groups.FirstInput[group];
        var panels = new Panels<TVector>(
            Panels + ((long)firstSegment * SourceChannels * RoundUp(TargetChannels, MatrixTile<TVector>.Width)),
            Zeros, segments * SourceChannels, TargetChannels);
        float** input = stackalloc float*[segments * Height];
        float** output = stackalloc float*[Height];
        int inputStride = images * SourceChannels, outputStride = images * TargetChannels;
        (int row, int image) = (0, 0);
        for (int first = 0; first < images * rowsPerImage; first += Height)
        {
            int valid = Math.Min(Height, (images * rowsPerImage) - first);
            for (int r = 0; r < valid; r++)
            {
                for (int s = 0; s < segments; s++)
                {
                    input[(s * Height) + r] =
                        inputs + ((nint)rowInputs[(row * segments) + s] * inputStride) + (image * SourceChannels);
                }

                output[r] = outputs + ((nint)Groups.Outputs[firstRow + row] * outputStride) + (image * TargetChannels);
                if (++image == images)
                {
                    (row, image) = (row + 1, 0);
                }
            }

            if (valid < Height)
            {
                MatrixTile<TVector>.RepeatLast(input, segments, valid);
            }

            panels.Multiply(input, segments, SourceChannels, 0, panels.Count, output, valid);
        }
    }
}
