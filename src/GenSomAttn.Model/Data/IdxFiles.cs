using System.Text.RegularExpressions;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>The part of a data set that a file or an array holds.</summary>
internal enum SetPart
{
    TrainImages,
    TrainLabels,
    TestImages,
    TestLabels,
}

/// <summary>
/// The files of one set of IDX files: under MNIST's names, train-images-idx3-ubyte, with a dot for the last hyphen but one as Kaggle
/// has them, or with a prefix and test for t10k as EMNIST has them, each as it is or as .gz, or in a folder of its own name.
/// </summary>
internal sealed partial class IdxFiles
{
    private const int MostListed = 12;
    private static readonly string[] FoldersOfArchives = ["raw", "gzip"];

    private readonly Dictionary<SetPart, string> _paths;

    private IdxFiles(string folder, string prefix, Dictionary<SetPart, string> paths)
    {
        Folder = folder;
        Prefix = prefix;
        _paths = paths;
    }

    /// <summary>The folder of the set.</summary>
    public string Folder { get; }

    /// <summary>What the names begin with, such as emnist-letters; empty for MNIST's names.</summary>
    public string Prefix { get; }

    /// <summary>Returns the path of a part; null if there is none.</summary>
    public string? this[SetPart part] => _paths.GetValueOrDefault(part);

    /// <summary>Returns the name that a part has by default.</summary>
    public string UsualName(SetPart part) => $"{(Prefix.Length > 0 ? Prefix + "-" : "")}{UsualNameOf(part)}";

    /// <summary>
    /// Finds the set in a folder, or the only one in the folders in which torchvision and EMNIST's archive have it: raw or gzip, in the
    /// folder or in one of its folders.
    /// </summary>
    /// <returns>The set; null if there is none.</returns>
    /// <exception cref="DataException">There are several.</exception>
    /// <exception cref="IOException">A folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be listed.</exception>
    public static IdxFiles? InFolder(string folder)
    {
        // A folder whose name is not valid UTF-8 does not exist for .NET.
        IEnumerable<string> below = Directory.EnumerateDirectories(folder)
            .Where(path => Path.GetFileName(path)[0] != '.' && Directory.Exists(path));
        IEnumerable<string>[] levels = [[folder], PlacesIn(folder), below.SelectMany(PlacesIn)];
        foreach (IEnumerable<string> level in levels)
        {
            IdxFiles[] sets = [.. level.SelectMany(AllIn)];
            if (sets.Length > 0)
            {
                return sets.Length == 1 ? sets[0] : throw Several(folder, sets);
            }
        }

        return null;
    }

    /// <summary>Finds the set that a path names by one of its files, or by the prefix of its names.</summary>
    /// <returns>The set; null if the path names none.</returns>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be listed.</exception>
    public static IdxFiles? OfFileOrPrefix(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (!Directory.Exists(folder))
        {
            return null;
        }

        if (FileName().IsMatch(Path.GetFileName(folder)))
        {
            // In a folder of its own name, beside which those of the others are.
            folder = Path.GetDirectoryName(folder)!;
        }

        Match name = FileName().Match(Path.GetFileName(path));
        string prefix = name.Success ? name.Groups["prefix"].Value : Path.GetFileName(path);
        return AllIn(folder).FirstOrDefault(set => set.Prefix == prefix.TrimEnd('-') && (name.Success || prefix.Length > 0));
    }

    private static IEnumerable<string> PlacesIn(string folder) =>
        FoldersOfArchives.Select(name => Path.Combine(folder, name)).Where(Directory.Exists);

    private static IEnumerable<IdxFiles> AllIn(string folder) =>
        from path in Directory.EnumerateFileSystemEntries(folder, "*-ubyte*")
        let name = FileName().Match(Path.GetFileName(path))
        where name.Success
        let file = Directory.Exists(path) ? FileInFolder(path, name) : path
        where file is not null
        group (Part: PartOf(name), Path: file) by name.Groups["prefix"].Value.TrimEnd('-') into set
        orderby set.Key
        select new IdxFiles(folder, set.Key, set.GroupBy(file => file.Part).ToDictionary(
            part => part.Key, part => part.Select(file => file.Path).OrderBy(path => Preference(folder, path)).First()));

    /// <summary>Returns the file of the same part in a folder that has the name of a file; null if there is none.</summary>
    private static string? FileInFolder(string folder, Match name) => Directory.EnumerateFiles(folder, "*-ubyte*")
        .Where(path => FileName().Match(Path.GetFileName(path)) is { Success: true } own && PartOf(own) == PartOf(name))
        .Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Orders files of the same part, which usually have the same content.</summary>
    private static (bool, bool, string) Preference(string folder, string path) => (
        Path.GetDirectoryName(path) != Path.TrimEndingDirectorySeparator(folder),
        !path.EndsWith(".gz", StringComparison.Ordinal),
        Path.GetFileName(path));

    private static SetPart PartOf(Match name) => (name.Groups["split"].Value, name.Groups["kind"].Value) switch
    {
        ("train", "images") => SetPart.TrainImages,
        ("train", _) => SetPart.TrainLabels,
        (_, "images") => SetPart.TestImages,
        _ => SetPart.TestLabels,
    };

    private static string UsualNameOf(SetPart part) => part switch
    {
        SetPart.TrainImages => "train-images-idx3-ubyte",
        SetPart.TrainLabels => "train-labels-idx1-ubyte",
        SetPart.TestImages => "t10k-images-idx3-ubyte",
        _ => "t10k-labels-idx1-ubyte",
    };

    private static DataException Several(string folder, IdxFiles[] sets)
    {
        string[] names = [.. sets.Select(set => set.Folder == folder ? Path.Combine(folder, set.Prefix) : set.Folder)];
        string listed = string.Join(", ", names.Distinct().Take(MostListed)) + (names.Length > MostListed ? " and others" : "");
        string example = sets[0][SetPart.TrainImages] ?? names[0];
        return new DataException(
            $"{folder} holds several data sets: {listed}. Name one of them, or one of its files, with --data: --data {example}");
    }

    [GeneratedRegex(@"^(?:(?<prefix>.+)-)?(?<split>train|t10k|test)-(?<kind>images|labels)[-.]idx[134]-ubyte(?:\.gz)?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex FileName();
}
