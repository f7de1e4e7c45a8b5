using System.Diagnostics;
using System.Globalization;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Data;

/// <summary>Reader of single picture files as square images; several threads may read at once.</summary>
internal sealed class PictureReader
{
    /// <summary>
    /// Limit of the time of one picture: many times that of the largest, so that a busy machine reads the same pictures; a hanging disk is
    /// reported.
    /// </summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(30);

    private const int DefaultSide = 28;

    // More threads would wait for the disk.
    private const int MaxAtOnce = 4;

    /// <summary>
    /// Images that may wait for an earlier one: of a list as a whole each thread reads its own part, and thousands would wait.
    /// </summary>
    private const int MostWaiting = 64;

    private const long LargeBytes = 64 << 20;

    /// <summary>Held while a large picture is decoded, so that only one at a time takes its memory.</summary>
    private readonly Lock _large = new();
    private readonly TimeSpan _mostTime;
    private readonly DataOptions _options;

    /// <summary>Creates a reader.</summary>
    /// <param name="options">Shape of the images, and how pictures become images.</param>
    /// <param name="mostTime">A picture that takes longer is broken.</param>
    public PictureReader(DataOptions options, TimeSpan mostTime)
    {
        _mostTime = mostTime;
        _options = options;
        Shape = new ImageShape(options.ImageSize ?? DefaultSide, options.Channels ?? ImageShape.Gray);
    }

    /// <summary>Shape of the images. If the options name no channels it is gray, and color pictures still become color images.</summary>
    public ImageShape Shape { get; }

    /// <summary>Reads pictures, several at a time; the results come in the order of the items.</summary>
    /// <param name="items">The pictures.</param>
    /// <param name="pathOf">Returns the file of a picture.</param>
    public IEnumerable<(T Item, PictureImage Image)> ReadAll<T>(IEnumerable<T> items, Func<T, string> pathOf) => items
        .Chunk(MostWaiting)
        .SelectMany(some => some
            .AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Min(MaxAtOnce, Environment.ProcessorCount))
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(item => (item, Read(pathOf(item)))));

    /// <summary>Returns the error about a broken picture.</summary>
    public DataException Refuse(string path, PictureImage image)
    {
        string skip = _options.AdvisesSkipping ? ", or leave out all that cannot be used with --skip-broken" : "";
        return new DataException($"Cannot use {path}: {image.Fault} Replace or remove it{skip}.");
    }

    /// <summary>Reads a picture.</summary>
    public PictureImage Read(string path)
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
            byte[] pixels = SquareResize.ToSquare(picture, Shape.Side, reading.Fit, reading.BackgroundGray);
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
