using GenSomAttn.Kernels;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Random images of any side, for timing only.</summary>
internal static class SyntheticImages
{
    private const int Seed = 1;

    /// <summary>Creates a data set of <paramref name="count"/> training images and one test image.</summary>
    public static Dataset Create(int count, int side) => new(Images(count, side, 0), Images(1, side, 1), ["none"], "synthetic");

    private static ImageSet Images(int count, int side, uint stream)
    {
        var key = new RandomKey(Seed, RandomPurpose.Check, stream);
        byte[] pixels = new byte[count * side * side];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Philox.Bits(key, (uint)i);
        }

        return new ImageSet(pixels, new byte[count], side);
    }
}
