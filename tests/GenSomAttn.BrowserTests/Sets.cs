using GenSomAttn.Kernels;
using GenSomAttn.Model.Data;

namespace GenSomAttn.BrowserTests;

/// <summary>Data sets of the tests.</summary>
internal static class Sets
{
    private static readonly string Root = FindRoot();

    /// <summary>Loads the first images of the repository's data set.</summary>
    public static Dataset FashionMnist(int limit) => Dataset.Load(Path.Combine(Root, "data", "fashion-mnist"), new DataOptions(limit));

    /// <summary>Makes random training images and half as many test images, without labels unless there are names of classes.</summary>
    public static Dataset Random(ImageShape shape, int count, IReadOnlyList<string>? classes = null, IReadOnlyList<string>? names = null)
    {
        ImageSet train = Images(shape, count, classes?.Count ?? 1, step: 0);
        train = new ImageSet(train.Pixels, train.Labels, shape) { Names = names };
        ImageSet test = Images(shape, count / 2, classes?.Count ?? 1, step: 1);
        return new Dataset(train, test, classes ?? [], sha256: "");
    }

    private static ImageSet Images(ImageShape shape, int count, int classes, uint step)
    {
        byte[] pixels = new byte[count * shape.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(256 * Philox.Uniform(new RandomKey(9, RandomPurpose.Check, step), (uint)i));
        }

        return new ImageSet(pixels, [.. Enumerable.Range(0, count).Select(n => n % classes)], shape);
    }

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "GenSomAttn.Native.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No solution above {AppContext.BaseDirectory}.");
        }

        return folder.FullName;
    }
}
