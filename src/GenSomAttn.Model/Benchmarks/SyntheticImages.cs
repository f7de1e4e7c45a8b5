using GenSomAttn.Kernels;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Random images of any shape, for timing only.</summary>
public static class SyntheticImages
{
    private const int Seed = 1;

    /// <summary>Creates a data set of <paramref name="count"/> training images and one test image.</summary>
    public static Dataset Create(int count, ImageShape shape) => new(Images(count, shape, 0), Images(1, shape, 1), ["none"], "synthetic");

    private static ImageSet Images(int count, ImageShape shape, uint stream)
    {
        var key = new RandomKey(Seed, RandomPurpose.Check, stream);
        byte[] pixels = new byte[count * shape.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Philox.Bits(key, (uint)i);
        }

        return new ImageSet(pixels, new int[count], shape);
    }
}
