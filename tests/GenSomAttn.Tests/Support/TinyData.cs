using GenSomAttn.Model.Data;

namespace GenSomAttn.Tests.Support;

/// <summary>Data sets that train in milliseconds: one bright spot on black, at another position in each image.</summary>
internal static class TinyData
{
    /// <summary>Creates a set whose labels 0 to 3 are the quadrant of the spot.</summary>
    public static Dataset Load(int trainCount, int testCount, int side)
    {
        using TemporaryFolder folder = new();
        Write(folder.Path, trainCount, testCount, side);
        return Dataset.Load(folder.Path);
    }

    /// <summary>
    /// Creates a set of other images; see <see cref="Write(string, int, int, int, Func{int, int, int, byte}, Func{int, byte})"/>.
    /// </summary>
    public static Dataset LoadOf(int trainCount, int testCount, int side, Func<int, int, int, byte> pixel, Func<int, byte> label)
    {
        using TemporaryFolder folder = new();
        Write(folder.Path, trainCount, testCount, side, pixel, label);
        return Dataset.Load(folder.Path);
    }

    /// <summary>
    /// Creates a set of color images with the same labels: the spot in red, its mirror image in green, and all around the spot in blue.
    /// </summary>
    public static Dataset LoadColor(int trainCount, int testCount, int side) =>
        new(Color(trainCount, side), Color(testCount, side), ["0", "1", "2", "3"], "color");

    private static ImageSet Color(int count, int side)
    {
        ImageShape shape = new(side, ImageShape.Color);
        byte[] pixels = new byte[count * shape.Length];
        for (int i = 0; i < pixels.Length; i += ImageShape.Color)
        {
            (int n, int y, int x) = (i / shape.Length, i / (side * ImageShape.Color) % side, i / ImageShape.Color % side);
            pixels[i] = Pixel(n, y, x, side);
            pixels[i + 1] = Pixel(n, y, side - 1 - x, side);
            pixels[i + 2] = (byte)(255 - pixels[i]);
        }

        return new ImageSet(pixels, [.. Enumerable.Range(0, count).Select(Quadrant)], shape);
    }

    /// <summary>Writes the set to files.</summary>
    public static void Write(string folder, int trainCount, int testCount, int side)
        => Write(folder, trainCount, testCount, side, (n, y, x) => Pixel(n, y, x, side), Quadrant);

    /// <summary>Writes a set of other images to files.</summary>
    /// <param name="folder">Destination folder.</param>
    /// <param name="trainCount">Training images.</param>
    /// <param name="testCount">Test images: the first of the training images, and more.</param>
    /// <param name="side">Rows and columns of an image.</param>
    /// <param name="pixel">Pixel of image n, row y and column x.</param>
    /// <param name="label">Label of image n.</param>
    public static void Write(
        string folder, int trainCount, int testCount, int side, Func<int, int, int, byte> pixel, Func<int, byte> label)
    {
        WriteHalf(folder, 0, trainCount, side, pixel, label);
        WriteHalf(folder, 2, testCount, side, pixel, label);
    }

    private static void WriteHalf(
        string folder, int firstName, int count, int side, Func<int, int, int, byte> pixel, Func<int, byte> label)
    {
        int size = side * side;
        byte[] pixels = [.. Enumerable.Range(0, count * size).Select(i => pixel(i / size, i / side % side, i % side))];
        byte[] labels = [.. Enumerable.Range(0, count).Select(label)];
        uint[] dimensions = [(uint)count, (uint)side, (uint)side];
        File.WriteAllBytes(Path.Combine(folder, IdxSet.Names[firstName]), IdxSet.Content([0, 0, 8, 3], dimensions, pixels));
        File.WriteAllBytes(Path.Combine(folder, IdxSet.Names[firstName + 1]), IdxSet.Content([0, 0, 8, 1], [(uint)count], labels));
    }

    private static byte Quadrant(int n) => (byte)((Row(n) < 0.5 ? 0 : 2) + (Column(n) < 0.5 ? 0 : 1));

    /// <summary>Returns a pixel: 255 in the center of the spot of image n, half of that a sixth of the side away.</summary>
    private static byte Pixel(int n, int y, int x, int side)
    {
        double down = ((y + 0.5) / side) - Row(n);
        double across = ((x + 0.5) / side) - Column(n);
        return (byte)(255 / (1 + (36 * ((down * down) + (across * across)))));
    }

    /// <summary>
    /// Returns the position of the spot of image n, from 0 at the top to 1: multiples of an irrational number spread evenly.
    /// </summary>
    private static double Row(int n) => n * 0.6180339887498949 % 1;

    private static double Column(int n) => n * 0.7548776662466927 % 1;
}
