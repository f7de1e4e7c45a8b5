using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>List of the pictures of an image folder, before they are read.</summary>
internal sealed class PictureListing
{
    /// <summary>Without folders train and test, one in this many pictures is a test picture.</summary>
    public const int TestShare = 7;

    private const int MaxClasses = 256;
    private const int MaxPictures = 100_000;
    private const string Pictures = "*.png, *.jpg, *.jpeg or *.bmp";
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp"];

    private int _count;

    private PictureListing()
    {
    }

    /// <summary>Names of the classes in ordinal order; a label is an index into it.</summary>
    public string[] ClassNames { get; private set; } = [];

    /// <summary>The training pictures, ordered by a hash of their names: shuffled, and the same on every machine.</summary>
    public IReadOnlyList<PictureEntry> Train { get; private set; } = [];

    /// <summary>The test pictures, in the same order.</summary>
    public IReadOnlyList<PictureEntry> Test { get; private set; } = [];

    /// <summary>Whether there are no folders train and test, so that the hash splits the pictures.</summary>
    public bool IsSplitByHash { get; private set; }

    /// <summary>Number of files in class folders without a picture's extension.</summary>
    public int Ignored { get; private set; }

    /// <summary>Lists a folder.</summary>
    /// <exception cref="DataException">It is not an image folder, holds too much, or cannot be listed.</exception>
    public static PictureListing Of(string folder)
    {
        PictureListing listing = new();
        try
        {
            listing.Fill(folder);
            return listing;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot list the pictures in {folder}: {exception.Message}", exception);
        }
    }

    private void Fill(string folder)
    {
        (string train, string test) = (Path.Combine(folder, "train"), Path.Combine(folder, "test"));
        if (Directory.Exists(train) != Directory.Exists(test))
        {
            throw new DataException($"The image folder {folder} has one of the folders train and test: make the other, or rename it.");
        }

        IsSplitByHash = !Directory.Exists(train);
        if (IsSplitByHash)
        {
            List<PictureEntry> all = ListClasses(folder);
            Train = InOrder(all.Where(entry => entry.Key % TestShare != 0));
            Test = InOrder(all.Where(entry => entry.Key % TestShare == 0));
            return;
        }

        RefuseLink(new DirectoryInfo(train));
        RefuseLink(new DirectoryInfo(test));
        Train = InOrder(ListClasses(train));
        Test = InOrder(ListClasses(test));
    }

    /// <summary>Lists the pictures of the class folders in a folder; the first call sets the class names.</summary>
    private List<PictureEntry> ListClasses(string folder)
    {
        DirectoryInfo[] classes = [.. Visible(folder).OfType<DirectoryInfo>().OrderBy(found => found.Name, StringComparer.Ordinal)];
        if (classes.Length is 0 or > MaxClasses)
        {
            throw new DataException(classes.Length > 0
                ? $"The image folder {folder} has {classes.Length} classes; {MaxClasses} at most are possible."
                : DescribeFlat(folder));
        }

        ClassNames = ClassNames.Length > 0 ? ClassNames : [.. classes.Select(found => found.Name)];
        List<PictureEntry> entries = [];
        foreach (DirectoryInfo found in classes)
        {
            int label = Array.IndexOf(ClassNames, found.Name);
            if (label < 0)
            {
                throw new DataException($"The class {found.FullName} has no folder of that name among the training pictures.");
            }

            entries.AddRange(ListPictures(found, (byte)label));
        }

        return entries;
    }

    /// <summary>Returns an error message for a folder without class folders: its content, and the remedy.</summary>
    private static string DescribeFlat(string folder)
    {
        FileSystemInfo[] files = [.. Visible(folder)];
        int pictures = files.Count(file => Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase));
        return pictures > 0
            ? $"{folder} holds {pictures} pictures but no class folders: put the pictures of each class into a separate folder in "
                + $"{folder}, or all of them into {Path.Combine(folder, "all")}."
            : $"There are no images in {folder}, which holds {files.Length} other files: a data folder holds {Dataset.FileNames}, each "
                + $"as it is or as .gz, or a folder for each class, train/CLASS/{Pictures}, and the same in test, or "
                + $"CLASS/{Pictures} alone.";
    }

    private List<PictureEntry> ListPictures(DirectoryInfo folder, byte label)
    {
        RefuseLink(folder);
        List<PictureEntry> entries = [];
        foreach (FileSystemInfo found in Visible(folder.FullName))
        {
            if (found is DirectoryInfo)
            {
                throw new DataException($"{found.FullName} is a folder within a class; the pictures of a class lie in its folder itself.");
            }

            if (!Extensions.Contains(found.Extension, StringComparer.OrdinalIgnoreCase))
            {
                Ignored++;
                continue;
            }

            RefuseLink(found);
            if (++_count > MaxPictures)
            {
                throw new DataException($"The image folder of {found.FullName} has more than {MaxPictures} pictures, the most possible.");
            }

            entries.Add(new PictureEntry(found.FullName, $"{folder.Name}/{found.Name}", label));
        }

        return entries.Count > 0
            ? entries
            : throw new DataException($"The class folder {folder.FullName} holds no picture: {Pictures} were expected.");
    }

    /// <summary>Enumerates the entries of a folder that are not hidden.</summary>
    private static IEnumerable<FileSystemInfo> Visible(string folder) => new DirectoryInfo(folder)
        .EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.Hidden, IgnoreInaccessible = false });

    /// <summary>Throws for a symbolic link, which may lead out of the data folder or form a cycle.</summary>
    private static void RefuseLink(FileSystemInfo found)
    {
        if (found.LinkTarget is not null)
        {
            throw new DataException($"{found.FullName} is a symbolic link, and links are not followed: put a copy of what it leads "
                + "to in its place, or remove it.");
        }
    }

    private static PictureEntry[] InOrder(IEnumerable<PictureEntry> entries) =>
        [.. entries.OrderBy(entry => entry.Key).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
}

/// <summary>A picture of an image folder.</summary>
/// <param name="Path">The file.</param>
/// <param name="Name">Class and file name, separated by a slash on every system.</param>
/// <param name="Label">The class.</param>
internal sealed record PictureEntry(string Path, string Name, byte Label)
{
    /// <summary>The first eight bytes of SHA-256 of the name in UTF-8.</summary>
    public ulong Key { get; } = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Name)));
}
