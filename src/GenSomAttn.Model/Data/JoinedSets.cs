using System.Security.Cryptography;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Several data sets as one: the images in the order of the sets, the labels by the names of the classes. Folders of pictures are read in
/// the side of the arrays; gray sets become color where one is color.
/// </summary>
internal sealed class JoinedSets
{
    private readonly string[] _paths;
    private readonly Dataset[] _sets;
    private readonly string? _spool;
    private readonly string[] _classNames;

    private JoinedSets(string[] paths, Dataset[] sets, string? spool)
    {
        (_paths, _sets, _spool) = (paths, sets, spool);
        bool isLabeled = Array.TrueForAll(sets, set => set.ClassNames.Count > 0);
        _classNames = isLabeled ? [.. sets.SelectMany(set => set.ClassNames).Distinct(StringComparer.Ordinal)] : [];
    }

    /// <summary>Reads the sets.</summary>
    /// <param name="paths">At least two.</param>
    /// <param name="options">Options; the limit is that of all images together.</param>
    /// <exception cref="DataException">A set cannot be used, is named twice, or has images of another side.</exception>
    public static Dataset Load(IReadOnlyList<string> paths, DataOptions options)
    {
        string[] full = [.. paths.Select(path => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))];
        if (full.FirstOrDefault(path => full.Count(path.Equals) > 1) is { } twice)
        {
            throw new DataException($"{twice} is given twice as a data set: name each set once.");
        }

        Dataset[] sets = LoadAll(full, options);
        for (int n = 1; n < sets.Length; n++)
        {
            if (sets[n].Train.Side != sets[0].Train.Side)
            {
                throw new DataException($"{full[0]} has images of {sets[0].Train.Shape}, {full[n]} of {sets[n].Train.Shape}, and sets that "
                    + "are one have one side: convert one of them. Only folders of pictures are resized.");
            }
        }

        return new JoinedSets(full, sets, options.Spool).Join(options.Limit ?? int.MaxValue);
    }

    /// <summary>Reads the arrays, whose side is given, and then the folders of pictures.</summary>
    private static Dataset[] LoadAll(string[] paths, DataOptions options)
    {
        var sets = new Dataset?[paths.Length];
        for (int n = 0; n < paths.Length; n++)
        {
            using ArraySource? source = ArraySource.Find(paths[n]);
            sets[n] = source is null ? null : ArraySet.Load(source, options);
        }

        int? side = sets.FirstOrDefault(set => set is not null)?.Train.Side;
        DataOptions ofFolders = options with { ImageSize = options.ImageSize ?? side };
        return [.. paths.Select((path, n) => sets[n] ?? Dataset.Load(path, ofFolders))];
    }

    private Dataset Join(int limit) => new(
        Join(set => set.Train).First(limit), Join(set => set.Test).First(limit), _classNames,
        Convert.ToHexStringLower(SHA256.HashData([.. _sets.SelectMany(set => Convert.FromHexString(set.Sha256))])))
    {
        Notes = [.. Notes()],
    };

    private ImageSet Join(Func<Dataset, ImageSet> split)
    {
        ImageSet[] parts = [.. _sets.Select(split)];
        int channels = _sets.Max(set => set.Train.Shape.Channels);
        return new ImageSet(
            StoredBytes.Join([.. parts.Select(part => PixelsOf(part, channels, _spool))]),
            [.. _sets.SelectMany(set => LabelsOf(set, split(set)))], parts[0].Shape with { Channels = channels })
        {
            Names = new JoinedNames([.. parts.Select((part, n) => (Before(n), part.Names, part.Count))]),
        };
    }

    /// <summary>Returns the last component of a set's path, or the whole path if another set has the same.</summary>
    private string Before(int set)
    {
        string name = DataPaths.NameOf(_paths[set]);
        return (_paths.Count(path => DataPaths.NameOf(path) == name) > 1 ? _paths[set] : name) + "/";
    }

    private IEnumerable<int> LabelsOf(Dataset set, ImageSet images)
    {
        if (_classNames.Length == 0)
        {
            return new int[images.Count];
        }

        int[] joined = [.. set.ClassNames.Select(name => Array.IndexOf(_classNames, name))];
        return images.Labels.Select(label => joined[label]);
    }

    private static StoredBytes PixelsOf(ImageSet images, int channels, string? spool)
    {
        if (images.Shape.Channels == channels)
        {
            return images.Stored;
        }

        var color = new ImageBuffer(images.Count, images.Shape with { Channels = channels }, spool);
        byte[] gray = new byte[images.Shape.Length];
        for (int n = 0; n < images.Count; n++)
        {
            images.CopyTo(n, gray);
            color.Add(gray, label: 0, name: "");
        }

        return color.ToSet().Stored;
    }

    private IEnumerable<string> Notes()
    {
        for (int n = 0; n < _sets.Length; n++)
        {
            foreach (string note in _sets[n].Notes)
            {
                yield return $"{_paths[n]}: {note}";
            }
        }

        int unlabeled = Array.FindIndex(_sets, set => set.ClassNames.Count == 0);
        if (unlabeled >= 0 && Array.Exists(_sets, set => set.ClassNames.Count > 0))
        {
            yield return $"{_paths[unlabeled]} has no labels, so that those of the other sets are left out";
        }

        if (_classNames.Length > 0 && _classNames.Length == _sets.Sum(set => set.ClassNames.Count))
        {
            yield return $"the sets have no class in common: all {_classNames.Length} names are different";
        }

        if (_sets.DistinctBy(set => set.Train.Shape.Channels).Count() > 1)
        {
            yield return "one of the sets is color, so that the gray images are read as color";
        }
    }
}
