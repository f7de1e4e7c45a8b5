using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Loader of a data set of picture files: <see cref="PictureListing"/> lists them, <see cref="PictureReader"/> decodes and resizes them.
/// </summary>
internal sealed class ImageFolder
{
    private readonly DataOptions _options;
    private readonly PictureReader _reader;
    private readonly PictureNotes _notes;
    private readonly int _pictures;
    private int _read;

    private ImageFolder(DataOptions options, TimeSpan mostTime, int pictures)
    {
        _pictures = pictures;
        _options = options;
        _reader = new PictureReader(options, mostTime);
        _notes = new PictureNotes(options.Pictures);
    }

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Shape of the images, and handling of broken files. The caller applies the limit.</param>
    /// <exception cref="DataException">It is not an image folder, holds too much, or a picture cannot be read.</exception>
    public static Dataset Load(string folder, DataOptions options) => Load(folder, options, PictureReader.MaxTime);

    /// <summary>Reads a folder with another timeout per picture; a picture that takes longer is broken.</summary>
    internal static Dataset Load(string folder, DataOptions options, TimeSpan mostTime)
    {
        PictureListing listing = PictureListing.Of(folder, options.Pictures);
        ImageFolder reader = new(options, mostTime, listing.Train.Count + listing.Test.Count);
        ImageBuffer trainBuffer = reader.Read(listing.Train, reader._reader.Shape.Channels);
        ImageBuffer testBuffer = reader.Read(listing.Test, trainBuffer.Channels);
        if (testBuffer.Channels > trainBuffer.Channels)
        {
            trainBuffer.MakeColor();
        }

        (ImageSet train, ImageSet test) = (trainBuffer.ToSet(), testBuffer.ToSet());
        Check(folder, listing, train, test);
        return new Dataset(train, test, listing.ClassNames, Dataset.HashOf(train, test))
        {
            Notes = [.. reader._notes.Of(listing, train, test)],
        };
    }

    /// <summary>Reads pictures; if several are broken, the error names the first in the list.</summary>
    private ImageBuffer Read(IReadOnlyList<PictureEntry> entries, int channels)
    {
        ImageBuffer images = new(entries.Count, _reader.Shape with { Channels = channels }, _options.Spool);
        foreach ((PictureEntry entry, PictureImage image) in _reader.ReadAll(entries, entry => entry.Path))
        {
            _notes.Count(entry.Name, image);
            _options.Progress?.Invoke(++_read, _pictures);
            if (image.Pixels is not null)
            {
                images.Add(image.Pixels, entry.Label, entry.Name);
            }
            else if (!_options.SkipBroken)
            {
                throw _reader.Refuse(entry.Path, image);
            }
        }

        return images;
    }

    private static void Check(string folder, PictureListing listing, ImageSet train, ImageSet test)
    {
        if (train.Count == 0)
        {
            throw new DataException($"No picture in {folder} is left for training.");
        }

        int[] counts = new int[listing.ClassNames.Length];
        if (counts.Length == 0)
        {
            return;
        }

        foreach (int label in train.Labels)
        {
            counts[label]++;
        }

        string remedy = listing.IsSplitByHash
            ? "It has so few that the split by their names' hash does not do: sort them into folders train and test."
            : "Add some.";
        int empty = Array.IndexOf(counts, 0);
        if (empty >= 0)
        {
            throw new DataException($"No picture of class {listing.ClassNames[empty]} in {folder} is left for training. {remedy}");
        }

        if (test.Count == 0 && listing.NeedsTestSet)
        {
            throw new DataException($"No picture in {folder} is left for the test set. {remedy}");
        }
    }
}
