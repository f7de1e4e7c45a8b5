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
    private const int LabelRank = 1;
    private const int ImageRank = 3;
    private const int ColorRank = 4;
    private static readonly long MaxValues = Array.MaxLength;

    /// <summary>Reads a file of images or labels. Images of a file that is not compressed stay in it.</summary>
    /// <param name="path">The file; it may be compressed with gzip, whatever its name.</param>
    /// <param name="kind">What it must hold.</param>
    /// <param name="limit">Maximum number of items to keep; the others only enter the hash.</param>
    /// <exception cref="DataException">The file cannot be read or is not exactly of the format.</exception>
    public static ArrayContent Read(string path, ArrayKind kind, int limit)
    {
        try
        {
            // Not locked while it is in use; a file that is replaced by renaming stays as it was.
            return Read(File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), path, kind, limit);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // NotSupportedException: a pipe, which cannot seek to its end.
            throw new DataException($"Cannot read {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the content of such a file.</summary>
    /// <param name="file">The file, from its beginning; it is closed, or with the result if that stays in the file.</param>
    /// <param name="path">Name in error messages.</param>
    /// <param name="kind">What it must hold.</param>
    /// <param name="limit">Maximum number of items to keep.</param>
    /// <exception cref="DataException">The file is not exactly of the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ArrayContent Read(Stream file, string path, ArrayKind kind, int limit)
    {
        ArgumentNullException.ThrowIfNull(file);
        try
        {
            using ContentReader reader = new(file);
            int[] dimensions = ReadHeader(reader, path, kind);
            long itemBytes = dimensions.Skip(1).Aggregate(1L, (product, dimension) => product * dimension);
            int kept = Math.Min(limit, dimensions[0]);
            int keptBytes = (int)(kept * itemBytes);
            if (kind == ArrayKind.Images && !reader.IsPacked && file is FileStream onDisk)
            {
                long start = reader.Position;
                reader.Skip(dimensions[0] * itemBytes);
                byte[] hash = reader.Finish();
                reader.LeavesOpen = true;
                return new ArrayContent(path, dimensions, kept, new FileBytes(onDisk, path, start, keptBytes), hash);
            }

            byte[] values = GC.AllocateUninitializedArray<byte>(keptBytes);
            reader.ReadExactly(values);
            reader.Skip((dimensions[0] - kept) * itemBytes);
            return new ArrayContent(path, dimensions, kept, StoredBytes.Of(values), reader.Finish());
        }
        catch (InvalidDataException exception)
        {
            throw new DataException($"Cannot use {path}: {exception.Message} Put an intact file in its place.", exception);
        }
    }

    /// <summary>Creates the exception for a file of another kind, which may be intact, from its first four bytes.</summary>
    private static DataException NotOfTheKind(string path, ReadOnlySpan<byte> magic, ArrayKind kind)
    {
        const byte LargestType = 0x0E;
        if (magic.TrimStart((ReadOnlySpan<byte>)[(byte)' ', (byte)'\r', (byte)'\n', (byte)'\t']) is [(byte)'<', ..])
        {
            return new DataException($"Cannot use {path}: it holds an HTML page, not data: download it again.");
        }

        bool isIdx = magic is [0, 0, >= UnsignedByte and <= LargestType, > 0];
        string what = kind == ArrayKind.Labels
            ? "labels: one dimension"
            : "images: three dimensions, which are count, height and width, or a fourth of 1 or 3 channels";
        return new DataException(isIdx
            ? $"Cannot use {path}: by its first bytes, {Convert.ToHexString(magic)}, it is an IDX file of {magic[3]} dimension(s) and "
                + $"value type {magic[2]:X2}. Bytes (type 08) of {what} are expected. Convert it."
            : $"Cannot use {path}: it begins with {Convert.ToHexString(magic)}, which no IDX file does; "
                + $"{(kind == ArrayKind.Labels ? "00000801" : "00000803 or 00000804")} is expected. Put such a file in its place.");
    }

    private static int[] ReadHeader(ContentReader reader, string path, ArrayKind kind)
    {
        Span<byte> magic = stackalloc byte[4];
        reader.ReadExactly(magic);
        int rank = magic[3];
        bool isRank = kind == ArrayKind.Labels ? rank == LabelRank : rank is ImageRank or ColorRank;
        if (!magic.StartsWith<byte>([0, 0, UnsignedByte]) || !isRank)
        {
            throw NotOfTheKind(path, magic, kind);
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

        if (rank == ColorRank && dimensions[^1] is not (1 or 3))
        {
            throw new DataException($"Cannot use {path}: its images have {dimensions[^1]} channels, and 1 or 3 are expected. Convert it.");
        }

        // Before memory is allocated for them.
        return total < reader.MaxLength
            ? dimensions
            : throw new InvalidDataException($"it is said to hold {total} values, more than a file of its size can.");
    }
}
