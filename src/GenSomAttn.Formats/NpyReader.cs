using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GenSomAttn.Formats;

/// <summary>Reads NumPy's array files strictly: unsigned bytes of images, or whole numbers of labels, in C order.</summary>
/// <remarks>
/// Layout: 93 "NUMPY", a version of two bytes, the length of the header (2 bytes in version 1.0, 4 in 2.0, little-endian), the header as
/// a Python dictionary of descr, fortran_order and shape, then the values. Source: numpy.org, "numpy.lib.format". Arrays of Python
/// objects are pickles, which run code when they are read, and are refused.
/// </remarks>
public static partial class NpyReader
{
    private const int LongestHeader = 4096;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; it may be compressed with gzip.</param>
    /// <param name="kind">What it must hold.</param>
    /// <exception cref="DataException">The file cannot be read or is not exactly of the format.</exception>
    public static ArrayContent Read(string path, ArrayKind kind)
    {
        try
        {
            return Read(File.OpenRead(path), path, kind);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // NotSupportedException: a pipe, which cannot seek to its end.
            throw new DataException($"Cannot read {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the content of such a file.</summary>
    /// <param name="file">The file, from its beginning; it is closed.</param>
    /// <param name="path">Name in error messages.</param>
    /// <param name="kind">What it must hold.</param>
    /// <exception cref="DataException">The file is not exactly of the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ArrayContent Read(Stream file, string path, ArrayKind kind)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            using ContentReader reader = new(file);
            return Read(reader, path, kind);
        }
        catch (InvalidDataException exception)
        {
            throw new DataException($"Cannot use {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads an array.</summary>
    /// <exception cref="InvalidDataException">The content is not exactly of the format.</exception>
    internal static ArrayContent Read(ContentReader reader, string path, ArrayKind kind)
    {
        Match header = Header().Match(ReadHeader(reader));
        if (!header.Success)
        {
            throw new InvalidDataException("its header is not that of a NumPy array of plain numbers. Save it again with numpy.save.");
        }

        string type = header.Groups["type"].Value;
        if (header.Groups["fortran"].Value == "True")
        {
            throw new InvalidDataException("its values are in Fortran order. Save numpy.ascontiguousarray(array).");
        }

        int numberBytes = CheckType(type, kind);
        int[] dimensions = CheckShape(header.Groups["shape"].Value, kind);
        long total = dimensions.Aggregate((long)numberBytes, (product, dimension) => product * dimension);

        // Before memory is allocated for them.
        if (total >= reader.MaxLength)
        {
            throw new InvalidDataException($"it is said to hold {total} bytes of values, more than a file of its size can.");
        }

        byte[] values = GC.AllocateUninitializedArray<byte>((int)total);
        reader.ReadExactly(values);
        return new ArrayContent(path, dimensions, dimensions[0], StoredBytes.Of(values), reader.Finish())
        {
            NumberBytes = numberBytes,
            IsSigned = type[1] == 'i',
        };
    }

    private static string ReadHeader(ContentReader reader)
    {
        Span<byte> start = stackalloc byte[8];
        reader.ReadExactly(start);
        if (!start.StartsWith<byte>([0x93, .. "NUMPY"u8]))
        {
            throw new InvalidDataException($"it begins with {Convert.ToHexString(start)}, which no NumPy file does.");
        }

        (int major, int minor) = (start[6], start[7]);
        if (major is not (1 or 2) || minor != 0)
        {
            throw new InvalidDataException($"it is of version {major}.{minor} of the format, and 1.0 or 2.0 are expected.");
        }

        Span<byte> field = stackalloc byte[4];
        field.Clear();
        reader.ReadExactly(field[..(major == 1 ? 2 : 4)]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(field);
        if (length > LongestHeader)
        {
            throw new InvalidDataException(
                $"its header has {length} bytes; that of an array of plain numbers has at most {LongestHeader}.");
        }

        byte[] header = new byte[length];
        reader.ReadExactly(header);
        return Encoding.Latin1.GetString(header);
    }

    /// <summary>Checks the type of the numbers, such as |u1 or &lt;i8.</summary>
    /// <returns>Bytes of a number.</returns>
    private static int CheckType(string type, ArrayKind kind)
    {
        if (type == "|O")
        {
            throw new InvalidDataException(
                "it holds Python objects, which are not read since they could run code. Save an array of numbers.");
        }

        if (type[0] == '>')
        {
            throw new InvalidDataException($"its numbers ({type}) are big-endian. Save array.astype(array.dtype.newbyteorder('<')).");
        }

        bool isRead = kind == ArrayKind.Images ? type == "|u1" : Numbers().IsMatch(type);
        return isRead ? type[2] - '0' : throw new InvalidDataException(kind == ArrayKind.Images
            ? $"its values are of type {type}, and images of unsigned bytes (|u1) are expected. Scale them to 0 to 255 and save "
                + "array.astype('uint8')."
            : $"its values are of type {type}, and labels of whole numbers are expected. Save array.astype('int64').");
    }

    private static int[] CheckShape(string text, ArrayKind kind)
    {
        string[] fields = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] dimensions = new int[fields.Length];
        long total = 1;
        for (int axis = 0; axis < fields.Length; axis++)
        {
            // Numbers of several bytes: eight times as much must fit, too.
            bool fits = long.TryParse(fields[axis], NumberStyles.None, CultureInfo.InvariantCulture, out long dimension)
                && dimension <= Array.MaxLength / (kind == ArrayKind.Images ? 1 : sizeof(long)) / total;
            if (!fits || dimension == 0)
            {
                throw new InvalidDataException(fits
                    ? $"its shape is ({text}): it holds nothing."
                    : $"its shape is ({text}), more than can be read. Save fewer or smaller images.");
            }

            dimensions[axis] = (int)dimension;
            total *= dimension;
        }

        return (kind, dimensions) switch
        {
            (ArrayKind.Labels, [_] or [_, 1]) => dimensions[..1],
            (ArrayKind.Images, [_, _, _] or [_, _, _, 1 or 3]) => dimensions,
            (ArrayKind.Labels, _) => throw new InvalidDataException(
                $"its shape is ({text}), and labels of shape (N) are expected, one for each image."),
            _ => throw new InvalidDataException(
                $"its shape is ({text}), and images of shape (N, height, width), gray, or (N, height, width, 3), color, are expected."),
        };
    }

    [GeneratedRegex(@"^\{ *'descr': *'(?<type>[<>|=][a-zA-Z][0-9]*)', *'fortran_order': *(?<fortran>True|False), "
        + @"*'shape': *\((?<shape>[0-9]+,|[0-9]+(?:, *[0-9]+)+,?)\),? *\} *\n?$", RegexOptions.CultureInvariant)]
    private static partial Regex Header();

    [GeneratedRegex(@"^(?:\|[iu]1|<[iu][248])$", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
