using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>Reads IDX files of bytes strictly: magic, dimensions and exact length.</summary>
/// <remarks>
/// Layout, big-endian: two zero bytes, type 0x08 (unsigned byte), the number of dimensions, each dimension in 4 bytes, the values
/// row-major. Source: yann.lecun.com/exdb/mnist, "The IDX file format".
/// </remarks>
public static class IdxReader
{
    private const byte UnsignedByte = 0x08;
    private const long MaxValues = 1L << 30;

    /// <summary>Reads a file of images or labels.</summary>
    /// <param name="path">A plain file, or one compressed with gzip if its name ends in .gz.</param>
    /// <param name="rank">Dimensions it must have: 3 for images (count, height, width), 1 for labels (count).</param>
    /// <param name="limit">Maximum number of items to keep; the others only enter the hash.</param>
    /// <exception cref="DataException">The file cannot be read or is not exactly of the format.</exception>
    public static IdxContent Read(string path, int rank, int limit)
    {
        try
        {
            return Read(File.OpenRead(path), path, rank, limit);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // NotSupportedException: a pipe, which cannot seek to its end.
            throw new DataException($"Cannot read {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the content of such a file.</summary>
    /// <param name="file">The file, from its beginning; it is closed.</param>
    /// <param name="path">Name in error messages. If it ends in .gz, the file is compressed.</param>
    /// <param name="rank">Dimensions it must have.</param>
    /// <param name="limit">Maximum number of items to keep.</param>
    /// <exception cref="DataException">The file is not exactly of the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxContent Read(Stream file, string path, int rank, int limit)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            using ContentReader reader = new(file, path.EndsWith(".gz", StringComparison.Ordinal));
            int[] dimensions = ReadHeader(reader, path, rank);
            long itemBytes = dimensions.Skip(1).Aggregate(1L, (product, dimension) => product * dimension);
            int kept = Math.Min(limit, dimensions[0]);
            byte[] values = GC.AllocateUninitializedArray<byte>((int)(kept * itemBytes));
            reader.ReadExactly(values);
            reader.Skip((dimensions[0] - kept) * itemBytes);
            return new IdxContent(path, dimensions, kept, values, reader.Finish());
        }
        catch (InvalidDataException exception)
        {
            throw new DataException($"Cannot use {path}: {exception.Message} Put an intact file in its place.", exception);
        }
    }

    /// <summary>Creates the exception for a file of another kind, which may be intact, from its first four bytes.</summary>
    private static DataException NotOfTheKind(string path, ReadOnlySpan<byte> magic, int rank)
    {
        const byte LargestType = 0x0E;
        bool isIdx = magic is [0, 0, >= UnsignedByte and <= LargestType, > 0];
        string what = rank == 1 ? "labels: one dimension" : "gray images: three dimensions, which are count, height and width";
        return new DataException(isIdx
            ? $"Cannot use {path}: by its first bytes, {Convert.ToHexString(magic)}, it is an IDX file of {magic[3]} dimension(s) and "
                + $"value type {magic[2]:X2}. Bytes (type 08) of {what} are expected. Convert it."
            : $"Cannot use {path}: it begins with {Convert.ToHexString(magic)}, which no IDX file does; 000008{rank:X2} is expected. "
                + "Put such a file in its place.");
    }

    private static int[] ReadHeader(ContentReader reader, string path, int rank)
    {
        Span<byte> magic = stackalloc byte[4];
        reader.ReadExactly(magic);
        if (!magic.SequenceEqual<byte>([0, 0, UnsignedByte, (byte)rank]))
        {
            throw NotOfTheKind(path, magic, rank);
        }

        int[] dimensions = new int[rank];
        Span<byte> field = stackalloc byte[4];
        long total = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            reader.ReadExactly(field);
            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(field);
            if (dimension > MaxValues / total)
            {
                throw new DataException($"Cannot use {path}: dimension {axis} is {dimension}, and the product of all may be at most "
                    + $"{MaxValues}. Make a file of fewer or smaller images.");
            }

            if (dimension == 0)
            {
                throw new DataException($"Cannot use {path}: dimension {axis} is 0: it holds nothing. Put another file in its place.");
            }

            dimensions[axis] = (int)dimension;
            total *= dimension;
        }

        // Before memory is allocated for them.
        return total < reader.MaxLength
            ? dimensions
            : throw new InvalidDataException($"it is said to hold {total} values, more than a file of its size can.");
    }
}

/// <summary>Content of an IDX file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Dimensions">Dimensions in the header; the first is the number of items in the file.</param>
/// <param name="Kept">Number of items in <paramref name="Values"/>, the first of the file.</param>
/// <param name="Values">The kept items, row-major.</param>
/// <param name="Sha256">SHA-256 of the whole uncompressed content, including items that are not kept.</param>
public sealed record IdxContent(string Path, int[] Dimensions, int Kept, byte[] Values, byte[] Sha256);
