using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing.Processors.Quantization;

namespace GenSomAttn.Formats;

/// <summary>
/// Reader and writer of picture files. Only this file depends on the library, SixLabors.ImageSharp. The structure of each file is checked
/// before the library sees it, and then without its metadata; the format is that of the content.
/// </summary>
public static class PictureFile
{
    /// <summary>The formats that are read, for messages.</summary>
    public const string Formats = "PNG, JPEG, BMP, GIF or WebP";

    private const int MegaBytes = 1 << 20;

    // Only the formats in use, no pooled memory that would look like a leak, and no thread of its own: pictures are read in parallel.
    private static readonly Configuration Library = new(
        new PngConfigurationModule(), new JpegConfigurationModule(), new BmpConfigurationModule(), new GifConfigurationModule(),
        new WebpConfigurationModule())
    {
        MaxDegreeOfParallelism = 1,
        MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions
        {
            AllocationLimitMegabytes = (int)(PictureLimits.MaxDecodingBytes / MegaBytes),
            MaximumPoolSizeMegabytes = 16,
        }),
    };

    /// <summary>Encodes a picture as PNG, as grayscale if all pixels are gray.</summary>
    /// <param name="rgb">(height, width, 3).</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    public static byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height)
    {
        byte[]? grays = GraysOf(rgb);
        using Image image = grays is null
            ? Image.LoadPixelData(Library, MemoryMarshal.Cast<byte, Rgb24>(rgb), width, height)
            : Image.LoadPixelData<L8>(Library, grays, width, height);
        using MemoryStream stream = new();

        // Trying five filters per row does not make pictures of enlarged pixels smaller.
        image.Save(stream, new PngEncoder
        {
            ColorType = grays is null ? PngColorType.Rgb : PngColorType.Grayscale,
            BitDepth = PngBitDepth.Bit8,
            FilterMethod = PngFilterMethod.None,
            ChunkFilter = PngChunkFilter.ExcludeAll,
        });
        return stream.ToArray();
    }

    /// <summary>Encodes pictures as an animated GIF file without end, each in its own 64 colors.</summary>
    /// <param name="frames">(height, width, 3) each.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="hundredths">Duration of each picture in hundredths of a second.</param>
    public static byte[] EncodeGif(IReadOnlyList<byte[]> frames, int width, int height, IReadOnlyList<int> hundredths)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(hundredths);
        const int Colors = 64;
        using Image<Rgb24> film = Image.LoadPixelData(Library, MemoryMarshal.Cast<byte, Rgb24>(frames[0]), width, height);
        film.Metadata.GetGifMetadata().RepeatCount = 0;
        foreach (byte[] frame in frames.Skip(1))
        {
            using Image<Rgb24> next = Image.LoadPixelData(Library, MemoryMarshal.Cast<byte, Rgb24>(frame), width, height);
            film.Frames.AddFrame(next.Frames.RootFrame);
        }

        for (int at = 0; at < frames.Count; at++)
        {
            film.Frames[at].Metadata.GetGifMetadata().FrameDelay = hundredths[at];
        }

        using MemoryStream stream = new();
        film.Save(stream, new GifEncoder
        {
            ColorTableMode = GifColorTableMode.Local,
            Quantizer = new WuQuantizer(new QuantizerOptions { Dither = null, MaxColors = Colors }),
        });
        return stream.ToArray();
    }

    /// <summary>Encodes a picture as WebP with losses, which take a quarter of the bytes of a PNG file.</summary>
    /// <param name="rgb">(height, width, 3).</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    public static byte[] EncodeWebp(ReadOnlySpan<byte> rgb, int width, int height)
    {
        const int Quality = 40;
        using Image image = Image.LoadPixelData(Library, MemoryMarshal.Cast<byte, Rgb24>(rgb), width, height);
        using MemoryStream stream = new();
        image.Save(stream, new WebpEncoder { FileFormat = WebpFileFormatType.Lossy, Quality = Quality });
        return stream.ToArray();
    }

    /// <summary>
    /// Decodes a picture file: 1 channel if red, green and blue are equal in every pixel, else 3; the high byte of 16-bit samples; upright
    /// by its EXIF orientation. Of a picture above 16 megapixels, squares of 2, 4, ... pixels are averaged while its short side keeps at
    /// least 1024 of them.
    /// </summary>
    /// <param name="bytes">The file.</param>
    /// <param name="background">The gray behind transparent pixels: 255 is white, 0 black.</param>
    /// <exception cref="InvalidDataException">The bytes are of another format, damaged, or of too large a picture.</exception>
    public static DecodedPicture Decode(byte[] bytes, byte background = 255) => Decode(Check(bytes), background);

    /// <summary>Checks the structure and the limits of a picture file, without decoding its pixels.</summary>
    /// <param name="bytes">The file.</param>
    /// <exception cref="InvalidDataException">The bytes are of another format, damaged, or of too large a picture.</exception>
    public static CheckedPicture Check(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (PngFile.IsPng(bytes))
        {
            return PngFile.Read(bytes);
        }

        if (JpegFile.IsJpeg(bytes))
        {
            return JpegFile.Read(bytes);
        }

        if (BmpFile.IsBmp(bytes))
        {
            return BmpFile.Read(bytes);
        }

        if (GifFile.IsGif(bytes))
        {
            return GifFile.Read(bytes);
        }

        if (WebpFile.IsWebp(bytes))
        {
            return WebpFile.Read(bytes);
        }

        string? name = UnreadPicture.NameOf(bytes);
        throw new InvalidDataException(name is null
            ? $"it does not begin as a {Formats} file does."
            : $"it is a picture in the format {name}, which is not read: convert it to PNG or JPEG.");
    }

    /// <summary>Decodes a file that was checked, as <see cref="Decode(byte[], byte)"/> does.</summary>
    /// <param name="file">The file.</param>
    /// <param name="background">The gray behind transparent pixels.</param>
    /// <exception cref="InvalidDataException">Its pixels are damaged.</exception>
    public static DecodedPicture Decode(CheckedPicture file, byte background)
    {
        ArgumentNullException.ThrowIfNull(file);
        IImageDecoder decoder = DecoderOf(file.Bytes);
        using MemoryStream stream = new(file.Bytes, writable: false);
        try
        {
            IImageInfo info = ((IImageInfoDetector)decoder).Identify(Library, stream, CancellationToken.None);
            if ((info.Width, info.Height) != (file.Width, file.Height))
            {
                throw new InvalidDataException(
                    $"its headers contradict each other: {file.Width} x {file.Height} and {info.Width} x {info.Height} pixels.");
            }

            stream.Position = 0;
            return ReadPixels(file, stream, decoder, background);
        }
        catch (Exception exception) when (exception is ImageFormatException or InvalidMemoryOperationException
            || (decoder is WebpDecoder && exception is ArgumentException or IndexOutOfRangeException))
        {
            // The library declares the first two. Its lossless WebP decoder leaves the check of copied distances to spans, which throw.
            throw new InvalidDataException($"it cannot be decoded: {PlainMessage.Of(exception)}", exception);
        }
    }

    /// <summary>Returns whether a file with these first bytes is a picture, of a format that is read or of another one.</summary>
    /// <param name="start">The first <see cref="SignatureBytes"/> bytes of the file.</param>
    public static bool IsPicture(ReadOnlySpan<byte> start) =>
        PngFile.IsPng(start) || JpegFile.IsJpeg(start) || BmpFile.IsBmp(start) || GifFile.IsGif(start) || WebpFile.IsWebp(start)
            || UnreadPicture.NameOf(start) is not null;

    /// <summary>Bytes at the start of a file that are enough for <see cref="IsPicture"/>.</summary>
    public const int SignatureBytes = UnreadPicture.SignatureBytes;

    private static IImageDecoder DecoderOf(ReadOnlySpan<byte> bytes) =>
        PngFile.IsPng(bytes) ? new PngDecoder { IgnoreMetadata = true }
        : JpegFile.IsJpeg(bytes) ? new JpegDecoder { IgnoreMetadata = true }
        : BmpFile.IsBmp(bytes) ? new BmpDecoder()
        : GifFile.IsGif(bytes) ? new GifDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First }
        : new WebpDecoder { IgnoreMetadata = true };

    private static DecodedPicture ReadPixels(CheckedPicture file, Stream stream, IImageDecoder decoder, byte background) =>
        (file.Samples, file.SampleBytes) switch
        {
            (1, 1) => ReadPixels<L8>(file, stream, decoder, background),
            (1, _) => ReadPixels<L16>(file, stream, decoder, background),
            (3, 1) => ReadPixels<Rgb24>(file, stream, decoder, background),
            (3, _) => ReadPixels<Rgb48>(file, stream, decoder, background),
            (_, 1) => ReadPixels<Rgba32>(file, stream, decoder, background),
            _ => ReadPixels<Rgba64>(file, stream, decoder, background),
        };

    private static DecodedPicture ReadPixels<TPixel>(CheckedPicture file, Stream stream, IImageDecoder decoder, byte background)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using Image<TPixel> image = Image.Load<TPixel>(Library, stream, decoder);
        PixelRows rows = new(file, background);
        image.ProcessPixelRows(pixels =>
        {
            for (int y = 0; y < pixels.Height; y++)
            {
                rows.Add(MemoryMarshal.AsBytes(pixels.GetRowSpan(y)));
            }
        });
        return rows.ToPicture();
    }

    /// <summary>Converts RGB to one byte per pixel; returns null if a pixel is not gray.</summary>
    private static byte[]? GraysOf(ReadOnlySpan<byte> rgb)
    {
        byte[] grays = new byte[rgb.Length / 3];
        for (int i = 0; i < grays.Length; i++)
        {
            grays[i] = rgb[3 * i];
            if (rgb[(3 * i) + 1] != grays[i] || rgb[(3 * i) + 2] != grays[i])
            {
                return null;
            }
        }

        return grays;
    }
}
