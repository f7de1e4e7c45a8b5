using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>What the array of a file holds.</summary>
public enum ArrayKind
{
    /// <summary>Bytes of shape (count, height, width), or (count, height, width, channels) of one or three channels.</summary>
    Images,

    /// <summary>Whole numbers of shape (count).</summary>
    Labels,
}

/// <summary>Array of an IDX or NumPy file.</summary>
/// <param name="Path">The file; of an archive also the array's name.</param>
/// <param name="Dimensions">Its shape; the first is the number of items in the file.</param>
/// <param name="Kept">Number of items in <paramref name="Values"/>, the first of the file.</param>
/// <param name="Values">The kept items, row-major; numbers of several bytes are little-endian. They may stay in the file.</param>
/// <param name="Sha256">SHA-256 of the whole uncompressed content, header and items that are not kept included.</param>
public sealed record ArrayContent(string Path, int[] Dimensions, int Kept, StoredBytes Values, byte[] Sha256)
{
    /// <summary>Bytes of a number: 1, 2, 4 or 8.</summary>
    public int NumberBytes { get; init; } = 1;

    /// <summary>Whether the numbers are signed.</summary>
    public bool IsSigned { get; init; }

    /// <summary>Returns a number; unsigned ones above the largest signed one of 64 bits become negative.</summary>
    public long NumberAt(int index)
    {
        ReadOnlySpan<byte> number = Values.Memory.Span.Slice(index * NumberBytes, NumberBytes);
        return NumberBytes switch
        {
            1 => IsSigned ? (sbyte)number[0] : number[0],
            2 => IsSigned ? BinaryPrimitives.ReadInt16LittleEndian(number) : BinaryPrimitives.ReadUInt16LittleEndian(number),
            4 => IsSigned ? BinaryPrimitives.ReadInt32LittleEndian(number) : BinaryPrimitives.ReadUInt32LittleEndian(number),
            _ => BinaryPrimitives.ReadInt64LittleEndian(number),
        };
    }
}
