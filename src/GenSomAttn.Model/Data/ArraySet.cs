using System.Globalization;
using System.Security.Cryptography;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>Loader of a data set of arrays: pairs images with labels, and splits off test images where no array holds them.</summary>
internal sealed class ArraySet
{
    private static readonly byte[] HashOfNothing = SHA256.HashData([]);

    private readonly ArraySource _source;
    private readonly PictureReading _reading;
    private readonly List<string> _notes;

    private ArraySet(ArraySource source, PictureReading reading)
    {
        _source = source;
        _reading = reading;
        _notes = [.. source.Notes];
    }

    private bool IsTransposed => _source.IsTransposed || _reading.Flip;

    /// <summary>Reads a data set.</summary>
    /// <param name="source">Its arrays.</param>
    /// <param name="options">The limit, and how the images are read.</param>
    /// <exception cref="DataException">An array is missing, damaged or does not fit the others.</exception>
    public static Dataset Load(ArraySource source, DataOptions options)
    {
        ArraySet reader = new(source, options.Pictures);
        reader.CheckParts();
        return reader.Read(options.Limit ?? int.MaxValue);
    }

    /// <summary>Checks that there are training images, and labels of all images or of none.</summary>
    private void CheckParts()
    {
        bool hasLabels = _source.Has(SetPart.TrainLabels) || _source.Has(SetPart.TestLabels);
        bool hasTest = _source.Has(SetPart.TestImages) || _source.Has(SetPart.TestLabels);
        SetPart[] needed =
        [
            SetPart.TrainImages,
            .. hasLabels ? [SetPart.TrainLabels] : Array.Empty<SetPart>(),
            .. hasTest ? [SetPart.TestImages] : Array.Empty<SetPart>(),
            .. hasLabels && hasTest ? [SetPart.TestLabels] : Array.Empty<SetPart>(),
        ];
        foreach (SetPart part in needed.Where(part => !_source.Has(part)))
        {
            throw _source.Missing(part);
        }
    }

    private Dataset Read(int limit)
    {
        // The small files first: their faults are found before the large ones are read.
        ArrayContent? trainLabels = ReadIfThere(SetPart.TrainLabels, int.MaxValue);
        ArrayContent? testLabels = ReadIfThere(SetPart.TestLabels, int.MaxValue);
        ClassLabels labels = ClassLabels.Of(
            trainLabels, testLabels, trainLabels is null ? null : FolderTexts.ReadClassNames(_source.Folder));
        bool isSplit = !_source.Has(SetPart.TestImages);
        int kept = isSplit ? int.MaxValue : limit;
        ArrayContent? testImages = ReadIfThere(SetPart.TestImages, kept);
        ArrayContent trainImages = _source.Read(SetPart.TrainImages, kept);
        string sha256 = Dataset.HashOf(
        [
            .. new[] { trainImages, trainLabels, testImages, testLabels }.Select(part => part?.Sha256 ?? HashOfNothing),
        ]);
        ImageSet? test = testImages is null ? null : Pair(SetPart.TestImages, testImages, testLabels, labels.Test);
        ImageSet train = Pair(SetPart.TrainImages, trainImages, trainLabels, labels.Train);
        if (test is null)
        {
            (train, test) = Split(trainImages.Path, train, labels.Names.Count > 0);
        }
        else if (train.Shape != test.Shape)
        {
            throw new DataException(train.Side != test.Side
                ? $"{trainImages.Path} has images of side {train.Side}, {testImages!.Path} of side {test.Side}."
                : $"{trainImages.Path} has images of {train.Shape}, {testImages!.Path} of {test.Shape}.");
        }

        NoteLabels(labels);
        return new Dataset(train.First(limit), test.First(limit), labels.Names, sha256) { Notes = [.. _notes.Distinct()] };
    }

    private ArrayContent? ReadIfThere(SetPart part, int limit) => _source.Has(part) ? _source.Read(part, limit) : null;

    private ImageSet Pair(SetPart part, ArrayContent content, ArrayContent? labels, int[] numbers)
    {
        if (labels is not null && content.Dimensions[0] != labels.Dimensions[0])
        {
            throw new DataException($"{content.Path} has {content.Dimensions[0]} images, {labels.Path} {labels.Dimensions[0]} labels.");
        }

        ArrayImages images = ArrayImages.Of(content, IsTransposed);
        if (images.Note is { } note)
        {
            _notes.Add(note);
        }

        return new ImageSet(images.ToPixels(), labels is null ? new int[content.Kept] : numbers[..content.Kept], images.Shape)
        {
            Names = _source.ReadNames(part, content.Dimensions[0])?.Take(content.Kept).ToArray(),
        };
    }

    /// <summary>Splits images by a hash of their numbers.</summary>
    private (ImageSet Train, ImageSet Test) Split(string path, ImageSet all, bool hasLabels)
    {
        double? share = _reading.TestShare ?? (hasLabels ? null : PictureReading.UnlabeledTestShare);
        ILookup<bool, int> parts = Enumerable.Range(0, all.Count).ToLookup(
            n => new PictureEntry("", n.ToString(CultureInfo.InvariantCulture), 0).IsTest(share));
        (ImageSet train, ImageSet test) = (all.At([.. parts[false]]), all.At([.. parts[true]]));
        if (train.Count == 0 || (test.Count == 0 && hasLabels && _reading.TestShare is null))
        {
            throw new DataException($"{path} has {all.Count} images, too few for the split into training and test images by a hash of "
                + "their numbers: add files of test images.");
        }

        _notes.Add(test.Count == 0
            ? "there are no test images: scores of test images are left out"
            : $"there are no test images: {test.Count} of {all.Count} images are the test set by a hash of their numbers; --test-share "
                + "sets the share");
        return (train, test);
    }

    private void NoteLabels(ClassLabels labels)
    {
        if (labels.Names.Count == 0)
        {
            _notes.Add("the images have no labels: scores and pictures of classes are left out");
        }
        else if (labels.First > 0)
        {
            _notes.Add($"the labels begin at {labels.First}, which is read as class 0, {labels.Names[0]}");
        }
    }
}
