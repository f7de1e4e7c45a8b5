using System.Diagnostics;
using System.Globalization;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Loader of a data set of picture files: <see cref="PictureListing"/> lists them, this class decodes and resizes them.
/// </summary>
internal sealed class ImageFolder
{
    private const int DefaultSide = 28;

    // More threads would wait for the disk.
    private const int MaxAtOnce = 4;
    private const long LargeBytes = 64 << 20;

    // Many times the time of the largest picture, so that a busy machine reads the same pictures; a hanging disk is reported.
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(30);

    /// <summary>Held while a large picture is decoded, so that only one at a time takes its memory.</summary>
    private readonly Lock _large = new();
    private readonly TimeSpan _mostTime;
    private readonly ImageShape _shape;
    private readonly DataOptions _options;
    private readonly PictureNotes _notes;

    private ImageFolder(DataOptions options, TimeSpan mostTime)
    {
        _mostTime = mostTime;
        _shape = new ImageShape(options.ImageSize ?? DefaultSide, options.Channels ?? ImageShape.Gray);
        _options = options;
        _notes = new PictureNotes(options.Pictures);
    }

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Shape of the images, and handling of broken files. The caller applies the limit.</param>
    /// <exception cref="DataException">It is not an image folder, holds too much, or a picture cannot be read.</exception>
    public static Dataset Load(string folder, DataOptions options) => Load(folder, options, MaxTime);

    /// <summary>Reads a folder with another timeout per picture; a picture that takes longer is broken.</summary>
    internal static Dataset Load(string folder, DataOptions options, TimeSpan mostTime)
    {
        PictureListing listing = PictureListing.Of(folder, options.Pictures);
        ImageFolder reader = new(options, mostTime);
        ImageBuffer trainBuffer = reader.Read(listing.Train, reader._shape.Channels);
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
        ImageBuffer images = new(entries.Count, _shape with { Channels = channels });
        IEnumerable<(PictureEntry Entry, PictureImage Image)> readings = entries
            .AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Min(MaxAtOnce, Environment.ProcessorCount))
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(entry => (entry, ReadInTime(entry.Path)));
        foreach ((PictureEntry entry, PictureImage image) in readings)
        {
            _notes.Count(entry.Name, image);
            if (image.Pixels is not null)
            {
                images.Add(image.Pixels, entry.Label, entry.Name);
            }
            else if (!_options.SkipBroken)
            {
                string skip = _options.AdvisesSkipping ? ", or leave out all that cannot be used with --skip-broken" : "";
                throw new DataException($"Cannot use {entry.Path}: {image.Fault} Replace or remove it{skip}.");
            }
        }

        return images;
    }

    private PictureImage ReadInTime(string path)
    {
        var watch = Stopwatch.StartNew();
        PictureImage image = Read(path, watch);
        TimeSpan taken = watch.Elapsed;
        return taken <= _mostTime ? image : PictureImage.Broken(string.Create(
            CultureInfo.InvariantCulture, $"it took {taken.TotalSeconds:0.0} s to read; the limit is {_mostTime.TotalSeconds:0} s."));
    }

    private PictureImage Read(string path, Stopwatch watch)
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists && PictureEntry.IsUnreadableName(file.Name))
            {
                return PictureImage.Broken("its name is not valid UTF-8, so that it cannot be opened: rename it.");
            }

            // Before it is opened: pipes and devices have length 0, and reading them may never end.
            long length = file.Length;
            if (length is 0 or > PictureLimits.MaxFileBytes)
            {
                return PictureImage.Broken(length == 0
                    ? "it is empty."
                    : $"it has {length} bytes, more than the {PictureLimits.MaxFileBytes} that can be read: resize or compress it.");
            }

            PictureReading reading = _options.Pictures;
            DecodedPicture picture = Decode(PictureFile.Check(File.ReadAllBytes(path)), watch);
            picture = _options.Channels == ImageShape.Gray ? picture.ToGray() : picture;
            byte[] pixels = SquareResize.ToSquare(picture, _shape.Side, reading.Fit, reading.BackgroundGray);
            return new PictureImage(pixels, "", picture.Width, picture.Height, picture.WasTransparent);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return PictureImage.Broken(exception.Message);
        }
    }

    /// <summary>Decodes a picture; the time for which a large one waits for others does not count.</summary>
    private DecodedPicture Decode(CheckedPicture file, Stopwatch watch)
    {
        if (file.PixelBytes < LargeBytes)
        {
            return PictureFile.Decode(file, _options.Pictures.BackgroundGray);
        }

        watch.Stop();
        lock (_large)
        {
            watch.Start();
            return PictureFile.Decode(file, _options.Pictures.BackgroundGray);
        }
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

/// <summary>The image of a picture file, or the fault of the file.</summary>
/// <param name="Pixels">(side, side, channels); null of a broken file.</param>
/// <param name="Fault">Why the file cannot be used.</param>
/// <param name="Width">Pixels in a row of the picture.</param>
/// <param name="Height">Rows of the picture.</param>
/// <param name="WasTransparent">Whether a pixel of the picture is not opaque.</param>
internal sealed record PictureImage(byte[]? Pixels, string Fault, int Width, int Height, bool WasTransparent)
{
    /// <summary>Returns a broken file.</summary>
    public static PictureImage Broken(string fault) => new(null, fault, 0, 0, false);
}
