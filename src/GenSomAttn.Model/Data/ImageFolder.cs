using System.Diagnostics;
using System.Globalization;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Loader of a data set of pictures in a folder per class: <see cref="PictureListing"/> lists them, this class decodes and resizes them.
/// </summary>
internal sealed class ImageFolder
{
    private const int DefaultSide = 28;
    private const long MaxPixels = 1L << 30;

    // A picture of the largest size takes half a gigabyte while it is decoded.
    private const int MaxAtOnce = 4;
    private const int BrokenToName = 3;

    // Many times the time of the largest picture, so that a busy machine reads the same pictures; a hanging disk is reported.
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _mostTime;
    private readonly int _side;
    private readonly DataOptions _options;
    private readonly List<string> _broken = [];
    private int _count;
    private int _cropped;

    private ImageFolder(DataOptions options, TimeSpan mostTime)
    {
        _mostTime = mostTime;
        _side = options.ImageSize ?? DefaultSide;
        _options = options;
    }

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">The folder, with train/CLASS/ and test/CLASS/, or CLASS/.</param>
    /// <param name="options">Side of the images, and handling of broken files. The caller applies the limit.</param>
    /// <exception cref="DataException">It is not an image folder, holds too much, or a picture cannot be read.</exception>
    public static Dataset Load(string folder, DataOptions options) => Load(folder, options, MaxTime);

    /// <summary>Reads a folder with another timeout per picture; a picture that takes longer is broken.</summary>
    internal static Dataset Load(string folder, DataOptions options, TimeSpan mostTime)
    {
        PictureListing listing = PictureListing.Of(folder);
        ImageFolder reader = new(options, mostTime);
        int count = listing.Train.Count + listing.Test.Count;
        if ((long)count * reader._side * reader._side > MaxPixels)
        {
            throw new DataException($"The {count} pictures of {folder} would take more than {MaxPixels} bytes at {reader._side} x "
                + $"{reader._side} pixels: give a smaller --image-size.");
        }

        ImageSet train = reader.Read(listing.Train);
        ImageSet test = reader.Read(listing.Test);
        Check(folder, listing, train, test);
        return new Dataset(train, test, listing.ClassNames, Dataset.HashOf(train, test)) { Notes = [.. reader.Notes(listing, test)] };
    }

    /// <summary>Reads pictures; if several are broken, the error names the first in the list.</summary>
    private ImageSet Read(IReadOnlyList<PictureEntry> entries)
    {
        int size = _side * _side;
        List<byte> labels = new(entries.Count);
        byte[] pixels = new byte[entries.Count * size];
        IEnumerable<(PictureEntry Entry, Reading Reading)> readings = entries
            .AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Min(MaxAtOnce, Environment.ProcessorCount))
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(entry => (entry, ReadInTime(entry.Path)));
        foreach ((PictureEntry entry, Reading reading) in readings)
        {
            _count++;
            if (reading.Pixels is null)
            {
                _broken.Add($"{entry.Name}: {reading.Fault}");
                if (_options.SkipBroken)
                {
                    continue;
                }

                string skip = _options.AdvisesSkipping ? ", or leave out all that cannot be used with --skip-broken" : "";
                throw new DataException($"Cannot use {entry.Path}: {reading.Fault} Replace or remove it{skip}.");
            }

            reading.Pixels.CopyTo(pixels, labels.Count * size);
            labels.Add(entry.Label);
            _cropped += reading.IsCropped ? 1 : 0;
        }

        return new ImageSet(pixels[..(labels.Count * size)], [.. labels], new ImageShape(_side, ImageShape.Gray));
    }

    private Reading ReadInTime(string path)
    {
        long began = Stopwatch.GetTimestamp();
        Reading reading = Read(path);
        TimeSpan taken = Stopwatch.GetElapsedTime(began);
        return taken <= _mostTime ? reading : new Reading(null, false, string.Create(
            CultureInfo.InvariantCulture, $"it took {taken.TotalSeconds:0.0} s to read; the limit is {_mostTime.TotalSeconds:0} s."));
    }

    private Reading Read(string path)
    {
        try
        {
            // Before it is opened: pipes and devices have length 0, and reading them may never end.
            long length = new FileInfo(path).Length;
            if (length is 0 or > PictureLimits.MaxFileBytes)
            {
                return new Reading(null, false, length == 0
                    ? "it is empty."
                    : $"it has {length} bytes, more than the {PictureLimits.MaxFileBytes} that can be read: resize or compress it.");
            }

            DecodedPicture picture = PictureFile.Decode(File.ReadAllBytes(path)).ToGray();
            return new Reading(SquareResize.ToSquare(picture, _side), picture.Width != picture.Height, "");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new Reading(null, false, exception.Message);
        }
    }

    private static void Check(string folder, PictureListing listing, ImageSet train, ImageSet test)
    {
        int[] counts = new int[listing.ClassNames.Length];
        foreach (byte label in train.Labels)
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

        if (test.Count == 0)
        {
            throw new DataException($"No picture in {folder} is left for the test set. {remedy}");
        }
    }

    private IEnumerable<string> Notes(PictureListing listing, ImageSet test)
    {
        if (listing.IsSplitByHash)
        {
            yield return $"there are no folders train and test: {test.Count} of {_count - _broken.Count} pictures, about one in "
                + $"{PictureListing.TestShare}, are the test set by a hash of their names";
        }

        if (_cropped > 0)
        {
            yield return $"{_cropped} of {_count} pictures are not square: the square in their middle is used";
        }

        if (listing.Ignored > 0)
        {
            yield return $"{listing.Ignored} files in class folders are not pictures by their names, and are ignored";
        }

        if (_broken.Count > 0)
        {
            yield return $"{_broken.Count} of {_count} pictures cannot be used and are left out: "
                + $"{string.Join(" ", _broken.Take(BrokenToName))}"
                + (_broken.Count > BrokenToName ? " ..." : "");
        }
    }

    /// <summary>A decoded picture, or the fault of its file.</summary>
    private readonly record struct Reading(byte[]? Pixels, bool IsCropped, string Fault);
}
