using StbImageSharp;
using StbImageWriteSharp;
using ColorComponents = StbImageSharp.ColorComponents;

namespace GenSomAttn.Formats;

/// <summary>
/// Reader and writer of picture files. Only this file depends on a library for picture formats: to replace StbImageWriteSharp and
/// StbImageSharp by SixLabors.ImageSharp, rewrite <see cref="Encode"/>, DecodeChecked and ToGray.
/// </summary>
public static class PictureFile
{
    // Trying five filters per row takes as long as compressing it, and does not make pictures of enlarged pixels smaller.
    static PictureFile() => StbImageWrite.stbi_write_force_png_filter = 0;

    /// <summary>Encodes a picture as PNG, as grayscale if all pixels are gray, which takes a third of the time.</summary>
    /// <param name="rgb">(height, width, 3).</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    public static byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height)
    {
        using var stream = new MemoryStream();
        byte[]? grays = GraysOf(rgb);
        new ImageWriter().WritePng(
            grays ?? rgb.ToArray(), width, height,
            grays is null ? StbImageWriteSharp.ColorComponents.RedGreenBlue : StbImageWriteSharp.ColorComponents.Grey, stream);
        return stream.ToArray();
    }

    /// <summary>
    /// Decodes a PNG, JPEG or BMP file, detected by its signature, as grayscale: (299 R + 587 G + 114 B + 500) / 1000 of the stored colors
    /// (the luma of ITU-R BT.601, rounded), the high byte of 16-bit samples; an alpha channel is ignored.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are of another format, damaged, or of too large a picture.</exception>
    public static GrayPicture DecodeGray(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (PngFile.IsPng(bytes))
        {
            return DecodePng(PngFile.Read(bytes));
        }

        if (JpegFile.IsJpeg(bytes))
        {
            int end = JpegFile.Check(bytes);
            (ImageResult image, long read) = DecodeChecked(bytes);

            // At a fault between scans the library stops without an error and returns uninitialized memory for the rest.
            return read == end
                ? ToGray(image)
                : throw new InvalidDataException($"it is damaged: only {read} of its {end} bytes can be decoded.");
        }

        if (BmpFile.IsBmp(bytes))
        {
            BmpFile.Check(bytes);
            return ToGray(DecodeChecked(bytes).Image);
        }

        throw new InvalidDataException("it does not begin as a PNG, JPEG or BMP file does.");
    }

    /// <summary>
    /// Decodes a PNG file. The library does not check palette indices, so it decodes them as grays, and the palette is applied here.
    /// </summary>
    private static GrayPicture DecodePng(PngContent content)
    {
        PngHeader header = content.Header;
        GrayPicture picture = ToGray(DecodeChecked(PngFile.ToBytes(header.ToBytesOfGrays(), content.Packed)).Image);
        if (!header.HasPalette)
        {
            return picture;
        }

        // The library scales grays of fewer than 8 bits to 0 to 255.
        int stretch = 255 / ((1 << header.Depth) - 1);
        int colors = content.Palette.Length / 3;
        byte[] grays = [.. Enumerable.Range(0, colors).Select(color => Luma(content.Palette.AsSpan(3 * color)))];
        foreach (ref byte pixel in picture.Pixels.AsSpan())
        {
            int color = pixel / stretch;
            pixel = color < colors
                ? grays[color]
                : throw new InvalidDataException($"a pixel has color {color} of a palette of {colors}.");
        }

        return picture;
    }

    /// <summary>Decodes a file that has passed the checks of its format, and returns the number of bytes that the library read.</summary>
    private static (ImageResult Image, long Read) DecodeChecked(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        try
        {
            return (ImageResult.FromStream(stream, ColorComponents.Default), stream.Position);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The library is C code translated to C#: unchecked input ends in an index out of range, an overflow, a null reference ...
            // Invalid bytes are the cause of all of these; only a lack of memory may have another cause.
            throw new InvalidDataException($"it cannot be decoded: {PlainMessage.Of(exception)}", exception);
        }
    }

    private static GrayPicture ToGray(ImageResult image)
    {
        int channels = (int)image.Comp;
        byte[] grays = new byte[image.Width * image.Height];
        for (int i = 0; i < grays.Length; i++)
        {
            ReadOnlySpan<byte> pixel = image.Data.AsSpan(i * channels, channels);
            grays[i] = channels < 3 ? pixel[0] : Luma(pixel);
        }

        return new GrayPicture(image.Width, image.Height, grays);
    }

    private static byte Luma(ReadOnlySpan<byte> rgb) => (byte)(((299 * rgb[0]) + (587 * rgb[1]) + (114 * rgb[2]) + 500) / 1000);

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
