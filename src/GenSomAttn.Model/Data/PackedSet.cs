using System.Security.Cryptography;
using System.Text;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// A data set as IDX files under MNIST's names, so that it is read in seconds: images, labels if there are any, labels.txt with the names
/// of the classes, files-train.txt and files-test.txt with the names of the images if they are known, and SHA256SUMS of all of them.
/// </summary>
public static class PackedSet
{
    private const string Hashes = "SHA256SUMS";
    private const string Labels = "labels.txt";
    private static readonly string[] Splits = ["train", "t10k"];

    /// <summary>Returns whether a packed set may hold a file of this name.</summary>
    public static bool IsName(string name) => name is Hashes or Labels or FolderTexts.TrainNames or FolderTexts.TestNames
        || Splits.Any(split => name == $"{split}-images-idx3-ubyte" || name == $"{split}-images-idx4-ubyte"
            || name == $"{split}-labels-idx1-ubyte");

    /// <summary>Writes the files one after another; SHA256SUMS is the last.</summary>
    /// <param name="dataset">The set; images that are in a file are copied part by part.</param>
    /// <param name="folder">The folder for the files.</param>
    /// <returns>The names of the files.</returns>
    /// <exception cref="DataException">The set has more classes than bytes have values, or a name that does not fit a line.</exception>
    /// <exception cref="FileException">A file cannot be created.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(Dataset dataset, string folder)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.ClassNames.Count > FolderTexts.MaxClasses)
        {
            throw new DataException($"The data set has {dataset.ClassNames.Count} classes, and IDX files of bytes hold "
                + $"{FolderTexts.MaxClasses} at most: pack a part of them.");
        }

        List<string> names = [];
        StringBuilder hashes = new();
        foreach ((string name, byte[] head, StoredBytes content) in Parts(dataset))
        {
            byte[] hash = Write(Path.Combine(folder, name), head, content);
            hashes.Append(Convert.ToHexStringLower(hash)).Append("  ").Append(name).Append('\n');
            names.Add(name);
        }

        AtomicFiles.OnDisk.Write(Path.Combine(folder, Hashes), Encoding.ASCII.GetBytes(hashes.ToString()));
        return [.. names, Hashes];
    }

    /// <summary>Writes a file.</summary>
    /// <returns>Its SHA-256.</returns>
    private static byte[] Write(string path, byte[] head, StoredBytes content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new StreamedFile(path);
        Add(head);
        content.Visit(Add);
        file.Complete();
        file.SaveAs(path);
        return hash.GetHashAndReset();

        void Add(ReadOnlySpan<byte> part)
        {
            hash.AppendData(part);
            file.Content.Write(part);
        }
    }

    private static IEnumerable<(string Name, byte[] Head, StoredBytes Content)> Parts(Dataset dataset)
    {
        if (dataset.ClassNames.Count > 0)
        {
            yield return (Labels, [], Lines(dataset.ClassNames));
        }

        (string Split, string Names, ImageSet Images)[] sets =
            [(Splits[0], FolderTexts.TrainNames, dataset.Train), (Splits[1], FolderTexts.TestNames, dataset.Test)];
        foreach ((string split, string names, ImageSet images) in sets.Where(set => set.Images.Count > 0))
        {
            (int side, int channels) = images.Shape;
            int[] shape = channels == ImageShape.Gray ? [images.Count, side, side] : [images.Count, side, side, channels];
            yield return ($"{split}-images-idx{shape.Length}-ubyte", IdxWriter.Header(shape, images.Stored.Length), images.Stored);
            if (dataset.ClassNames.Count > 0)
            {
                byte[] labels = Array.ConvertAll(images.Labels, label => (byte)label);
                yield return ($"{split}-labels-idx1-ubyte", IdxWriter.Header([images.Count], labels.Length), StoredBytes.Of(labels));
            }

            if (images.Names is not null)
            {
                yield return (names, [], Lines(images.Names));
            }
        }
    }

    private static StoredBytes Lines(IReadOnlyList<string> names)
    {
        string? bad = names.FirstOrDefault(name => string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl));
        return bad is null
            ? StoredBytes.Of(Encoding.UTF8.GetBytes(string.Concat(names.Select(name => name + "\n"))))
            : throw new DataException($"The name '{bad}' has a control character or is blank, and cannot be a line of a text: rename it.");
    }
}
