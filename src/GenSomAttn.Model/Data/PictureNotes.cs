using System.Buffers.Binary;
using System.Security.Cryptography;

namespace GenSomAttn.Model.Data;

/// <summary>Counts what is odd about the pictures of a folder, and says what it means for the map.</summary>
/// <param name="reading">How the pictures are read.</param>
internal sealed class PictureNotes(PictureReading reading)
{
    private const int ExtremeRatio = 3;
    private const byte DarkestUsual = 31;

    private readonly BrokenPictures _broken = new();
    private int _count;
    private int _notSquare;
    private int _extreme;
    private int _transparent;

    /// <summary>Counts a picture.</summary>
    public void Count(string name, PictureImage image)
    {
        _count++;
        if (image.Pixels is null)
        {
            _broken.Add(name, image.Fault);
            return;
        }

        int longer = Math.Max(image.Width, image.Height);
        int shorter = Math.Min(image.Width, image.Height);
        _notSquare += longer > shorter ? 1 : 0;
        _extreme += longer > ExtremeRatio * shorter ? 1 : 0;
        _transparent += image.WasTransparent ? 1 : 0;
    }

    /// <summary>Returns the notes, one sentence each.</summary>
    public IEnumerable<string> Of(PictureListing listing, ImageSet train, ImageSet test) =>
        [.. listing.Notes, .. OfSplit(listing, test), .. OfShapes(), .. OfPixels(train), .. _broken.Notes(_count)];

    private IEnumerable<string> OfSplit(PictureListing listing, ImageSet test)
    {
        if (listing.IsSplitByHash && test.Count > 0)
        {
            yield return $"there are no folders train and test: {test.Count} of {_count - _broken.Count} pictures are the test set by a "
                + "hash of their names; --test-share sets the share";
        }
        else if (test.Count == 0)
        {
            yield return "there are no test pictures: scores of test images are left out";
        }
    }

    private IEnumerable<string> OfShapes()
    {
        if (_notSquare > 0 && reading.Fit == PictureFit.Crop)
        {
            yield return $"{_notSquare} of {_count} pictures are not square: the square in their middle is used; --fit pad or stretch uses "
                + "all of them";
        }

        if (_extreme > 0)
        {
            yield return $"{_extreme} of {_count} pictures are more than {ExtremeRatio} times as long in one direction as in the other: "
                + (reading.Fit == PictureFit.Crop ? "most of them is cut off" : "little is left of their shorter side");
        }

        if (_transparent > 0)
        {
            yield return $"{_transparent} of {_count} pictures have transparent pixels: they are laid over "
                + (reading.Background == PictureBackground.White ? "white; --background black lays them over black" : "black");
        }
    }

    private static IEnumerable<string> OfPixels(ImageSet images)
    {
        int length = images.Shape.Length;
        int plain = 0;
        byte brightest = 0;
        HashSet<ulong> different = [];
        byte[] image = new byte[length];
        for (int n = 0; n < images.Count; n++)
        {
            images.CopyTo(n, image);
            plain += IsOfOneColor(image, images.Shape.Channels) ? 1 : 0;
            different.Add(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(image)));
            foreach (byte value in image)
            {
                brightest = Math.Max(brightest, value);
            }
        }

        if (plain > 0)
        {
            yield return $"{plain} of {images.Count} training images are of one color: they will share a few units of the map";
        }

        if (different.Count < images.Count)
        {
            yield return $"{images.Count - different.Count} of {images.Count} training images have the same pixels as another one: the map "
                + "gives room to what is frequent, so that duplicates take units from other pictures";
        }

        if (brightest <= DarkestUsual)
        {
            yield return $"no pixel is brighter than {brightest} of 255: the images are nearly black. Scale them before, such as pictures "
                + "of 12 bits that were saved with 16";
        }
    }

    private static bool IsOfOneColor(ReadOnlySpan<byte> image, int channels)
    {
        // Every value equals the one a pixel before it.
        return image[channels..].SequenceEqual(image[..^channels]);
    }
}
