using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>Writes IDX files of bytes; see <see cref="IdxReader"/>.</summary>
public static class IdxWriter
{
    /// <summary>Returns the content of a file.</summary>
    /// <param name="dimensions">Shape of the array.</param>
    /// <param name="values">The array, row-major.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    /// <exception cref="FileException">They are too many for one file.</exception>
    public static byte[] ToBytes(ReadOnlySpan<int> dimensions, ReadOnlySpan<byte> values)
    {
        byte[] header = Header(dimensions, values.Length);
        byte[] content = new byte[header.Length + values.Length];
        header.CopyTo(content, 0);
        values.CopyTo(content.AsSpan(header.Length));
        return content;
    }

    /// <summary>Returns what comes before the values of a file.</summary>
    /// <param name="dimensions">Shape of the array.</param>
    /// <param name="values">Number of values.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    /// <exception cref="FileException">They are too many for one file.</exception>
    public static byte[] Header(ReadOnlySpan<int> dimensions, int values)
    {
        long total = 1;
        foreach (int dimension in dimensions)
        {
            total *= dimension;
        }

        if (total != values)
        {
            throw new ArgumentException($"IdxWriter: {values} values, expected {total}.", nameof(values));
        }

        int length = 4 + (4 * dimensions.Length);
        if (length + total > Array.MaxLength)
        {
            throw new FileException($"Cannot write an IDX file of {total} bytes: {Array.MaxLength - length} are possible.");
        }

        byte[] content = new byte[length];
        (content[2], content[3]) = (0x08, (byte)dimensions.Length);
        for (int axis = 0; axis < dimensions.Length; axis++)
        {
            BinaryPrimitives.WriteInt32BigEndian(content.AsSpan(4 + (4 * axis)), dimensions[axis]);
        }

        return content;
    }
}
