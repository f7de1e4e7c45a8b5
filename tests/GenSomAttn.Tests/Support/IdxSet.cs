using System.Buffers.Binary;
using System.IO.Compression;

namespace GenSomAttn.Tests.Support;

/// <summary>Writer of small data sets in MNIST's four files.</summary>
internal static class IdxSet
{
    public static readonly string[] Names =
        ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];

    /// <summary>Writes the four files: pixels that differ from image to image, labels 0, 1, 2, 0, ...</summary>
    public static void Write(string folder, int trainCount, int testCount, int side, bool packed = true)
    {
        int[] counts = [trainCount, trainCount, testCount, testCount];
        for (int index = 0; index < Names.Length; index++)
        {
            bool images = index % 2 == 0;
            byte[] content = images ? Images(counts[index], side, side) : Labels(counts[index]);
            string path = Path.Combine(folder, Names[index]);
            File.WriteAllBytes(packed ? path + ".gz" : path, packed ? Pack(content) : content);
        }
    }

    /// <summary>Returns an IDX file of images: pixel p of image n is (7 n + 3 p) mod 256.</summary>
    public static byte[] Images(int count, int height, int width)
    {
        int size = height * width;
        byte[] pixels = [.. Enumerable.Range(0, count * size).Select(index => (byte)((7 * (index / size)) + (3 * (index % size))))];
        return Content([0, 0, 8, 3], [(uint)count, (uint)height, (uint)width], pixels);
    }

    /// <summary>Returns an IDX file of labels: 0, 1, 2, 0, ...</summary>
    public static byte[] Labels(int count) =>
        Content([0, 0, 8, 1], [(uint)count], [.. Enumerable.Range(0, count).Select(index => (byte)(index % 3))]);

    /// <summary>Returns a file with these magic bytes, dimensions and values, consistent or not.</summary>
    public static byte[] Content(byte[] magic, uint[] dimensions, byte[] values)
    {
        byte[] fields = new byte[4 * dimensions.Length];
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(fields.AsSpan(4 * axis), dimensions[axis]);
        }

        return [.. magic, .. fields, .. values];
    }

    /// <summary>Compresses with gzip.</summary>
    public static byte[] Pack(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using MemoryStream packed = new();
        using (GZipStream stream = new(packed, level, leaveOpen: true))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }
}
