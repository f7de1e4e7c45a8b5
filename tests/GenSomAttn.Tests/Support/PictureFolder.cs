namespace GenSomAttn.Tests.Support;

/// <summary>Writer of image folders.</summary>
internal static class PictureFolder
{
    /// <summary>Writes a file and creates its parent folders.</summary>
    public static string Write(string folder, string name, byte[] bytes)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a square PNG of one gray.</summary>
    public static string WritePlain(string folder, string name, int gray, int side = 4) =>
        Write(folder, name, PictureBytes.GrayPng(side, side, (_, _) => gray));

    /// <summary>
    /// Writes a folder for training: classes of 8 x 8 pictures with a bright quadrant that depends on the class, each at another gray.
    /// </summary>
    public static void WriteQuarters(string folder, int perClass)
    {
        string[] classes = ["lower left", "lower right", "upper left", "upper right"];
        for (int n = 0; n < perClass * classes.Length; n++)
        {
            Write(folder, $"{classes[n % classes.Length]}/{n}.png", Quarter(n));
        }
    }

    /// <summary>Writes the same pictures without folders for the classes.</summary>
    public static void WriteFlat(string folder, int count)
    {
        for (int n = 0; n < count; n++)
        {
            Write(folder, $"{n}.png", Quarter(n));
        }
    }

    /// <summary>Returns a PNG of 8 x 8 pixels with one of its four quadrants bright.</summary>
    public static byte[] Quarter(int n) =>
        PictureBytes.GrayPng(8, 8, (x, y) => (y < 4 ? 2 : 0) + (x < 4 ? 0 : 1) == n % 4 ? 100 + (n * 3 % 156) : 5);
}
