using System.Buffers.Binary;

namespace GenSomAttn.Model.Data;

/// <summary>Reads IDX files of bytes strictly: magic, dimensions and exact length.</summary>
/// <remarks>
/// Layout, big-endian: two zero bytes, type 0x08 (unsigned byte), the number of dimensions, each dimension in 4 bytes, the values
/// row-major. Source: yann.lecun.com/exdb/mnist, "The IDX file format".
/// </remarks>
internal static class IdxReader
{
    private const byte UnsignedByte = 0x08;
    private const long MaxValues = 1L << 30;

    /// <summary>Reads a file of images or labels.</summary>
    /// <param name="path">A plain file, or one compressed with gzip if its name ends in .gz.</param>
    /// <param name="rank">Dimensions it must have: 3 for images (count, height, width), 1 for labels (count).</param>
    /// <param name="limit">How many items to keep, if there are more; the others are read for the hash alone.</param>
    /// <exception cref="DataException">The file cannot be read or is not exactly of the format.</exception>
    public static IdxContent Read(string path, int rank, int limit)
    {
        try
        {
            return Read(File.OpenRead(path), path, rank, limit);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // NotSupportedException: a pipe, whose end cannot be found beforehand.
            throw new DataException($"Cannot read {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the content of such a file.</summary>
    /// <param name="file">The file, from its beginning; it is closed.</param>
    /// <param name="path">What error messages call it. If it ends in .gz, the file is compressed.</param>
    /// <param name="rank">Dimensions it must have.</param>
    /// <param name="limit">How many items to keep.</param>
    /// <exception cref="DataException">The file is not exactly of the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxContent Read(Stream file, string path, int rank, int limit)
    {
        try
        {
            using ContentReader reader = new(file, path.EndsWith(".gz", StringComparison.Ordinal));
            int[] dimensions = ReadHeader(reader, rank);
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

    private static int[] ReadHeader(ContentReader reader, int rank)
    {
        Span<byte> magic = stackalloc byte[4];
        reader.ReadExactly(magic);
        if (!magic.SequenceEqual<byte>([0, 0, UnsignedByte, (byte)rank]))
        {
            throw new InvalidDataException($"it begins with {Convert.ToHexString(magic)}, expected 000008{rank:X2}: "
                + $"an IDX file of bytes with {rank} dimension(s).");
        }

        int[] dimensions = new int[rank];
        Span<byte> field = stackalloc byte[4];
        long total = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            reader.ReadExactly(field);
            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(field);
            if ((dimension == 0) || (dimension > MaxValues / total))
            {
                throw new InvalidDataException($"dimension {axis} is {dimension}; none may be 0, and their product at most {MaxValues}.");
            }

            dimensions[axis] = (int)dimension;
            total *= dimension;
        }

        // Before memory is taken for them.
        return total < reader.MaxLength
            ? dimensions
            : throw new InvalidDataException($"it is said to hold {total} values, more than a file of its size can.");
    }
}

/// <summary>What an IDX file holds.</summary>
/// <param name="Path">The file.</param>
/// <param name="Dimensions">As the file says; the first is the number of items in the file.</param>
/// <param name="Kept">Items in <paramref name="Values"/>: the first of the file.</param>
/// <param name="Values">The kept items, row-major.</param>
/// <param name="Sha256">SHA-256 of the whole unpacked file, kept or not.</param>
internal sealed record IdxContent(string Path, int[] Dimensions, int Kept, byte[] Values, byte[] Sha256);
