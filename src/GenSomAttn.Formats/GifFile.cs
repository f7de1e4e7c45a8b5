using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>
/// Validator of the structure of a GIF file (GIF89a specification, 1990), which keeps its first image alone, without the rest of the screen
/// that it may be a part of. The format has no checksum: truncation is found, a changed byte shows as a changed picture.
/// </summary>
internal ref struct GifFile
{
    private const int HeaderBytes = 13;
    private const int DescriptorBytes = 10;
    private const int ControlBytes = 8;
    private const byte Extension = 0x21;
    private const byte GraphicControl = 0xF9;
    private const byte Image = 0x2C;
    private const byte Trailer = 0x3B;
    private const int RgbaBytes = 4;

    // The longest string of LZW: the codes have 12 bits at most.
    private const int PixelsOfCode = 4096;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    private GifFile(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Returns whether the bytes begin with the signature of a GIF file.</summary>
    public static bool IsGif(ReadOnlySpan<byte> bytes) => bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8);

    /// <summary>Checks the structure up to the trailer; what follows is ignored.</summary>
    /// <returns>The file with its first image alone.</returns>
    /// <exception cref="InvalidDataException">The file is damaged or too large.</exception>
    public static CheckedPicture Read(ReadOnlySpan<byte> bytes) => new GifFile(bytes).Read();

    private CheckedPicture Read()
    {
        ReadOnlySpan<byte> header = Take(HeaderBytes);
        int width = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        PictureLimits.CheckSize(width, height, RgbaBytes);
        bool hasColors = TakeColors(header[10]);
        ReadOnlySpan<byte> start = _bytes[.._position];
        ReadOnlySpan<byte> control = default;
        CheckedPicture? first = null;
        while (Take(1)[0] is var kind && kind != Trailer)
        {
            int begin = _position - 1;
            if (kind == Extension)
            {
                bool isControl = Take(1)[0] == GraphicControl;
                SkipBlocks();
                ReadOnlySpan<byte> block = _bytes[begin.._position];
                control = isControl && block.Length == ControlBytes ? block : control;
            }
            else if (kind == Image)
            {
                (int imageWidth, int imageHeight) = SkipImage(width, height, hasColors);
                byte[] alone = [.. start, .. control, .. _bytes[begin.._position], Trailer];
                first ??= Alone(alone, start.Length + control.Length, imageWidth, imageHeight);
            }
            else
            {
                throw new InvalidDataException($"it has a block {kind:X2} that the format does not know.");
            }
        }

        return first ?? throw new InvalidDataException("it holds no image.");
    }

    /// <summary>Makes the screen as large as the image, and puts the image into its corner.</summary>
    private static CheckedPicture Alone(byte[] file, int descriptor, int width, int height)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(6), (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)height);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(descriptor + 1), 0);
        return new CheckedPicture(file, width, height, RgbaBytes);
    }

    private (int Width, int Height) SkipImage(int screenWidth, int screenHeight, bool hasColors)
    {
        _position--;
        ReadOnlySpan<byte> descriptor = Take(DescriptorBytes);
        int width = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[5..]);
        int height = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[7..]);
        int right = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[1..]) + width;
        int bottom = BinaryPrimitives.ReadUInt16LittleEndian(descriptor[3..]) + height;
        if (width == 0 || height == 0 || right > screenWidth || bottom > screenHeight)
        {
            throw new InvalidDataException($"an image of it is empty or reaches beyond its {screenWidth} x {screenHeight} pixels.");
        }

        if (!TakeColors(descriptor[9]) && !hasColors)
        {
            throw new InvalidDataException("an image of it has no palette.");
        }

        byte codeBits = Take(1)[0];
        if (codeBits is < 2 or > 8)
        {
            throw new InvalidDataException($"an image of it has codes of {codeBits} bits, not 2 to 8.");
        }

        // Codes have at least one bit more than a color.
        int bytes = SkipBlocks();
        return (long)width * height <= 8L * bytes / (codeBits + 1) * PixelsOfCode
            ? (width, height)
            : throw new InvalidDataException($"it is cut short: {bytes} bytes of an image are fewer than its pixels take.");
    }

    /// <summary>Skips a palette if the flags of a header have one.</summary>
    private bool TakeColors(byte flags)
    {
        bool has = (flags & 0x80) != 0;
        Take(has ? 3 << ((flags & 7) + 1) : 0);
        return has;
    }

    /// <summary>Skips sub-blocks up to their terminator and returns the number of their bytes.</summary>
    private int SkipBlocks()
    {
        int total = 0;
        while (Take(1)[0] is var length && length > 0)
        {
            Take(length);
            total += length;
        }

        return total;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position)
        {
            throw new InvalidDataException("it is cut short.");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }
}
