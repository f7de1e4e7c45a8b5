using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>
/// Content of a safetensors file: named tensors and a string-to-string dictionary. The reader is strict: deviations from the format are
/// rejected before memory is allocated.
/// </summary>
/// <remarks>
/// Layout: an unsigned 64-bit little-endian N, N bytes of JSON (the header), then the tensors' bytes, little-endian and row-major.
/// Limits beyond the format's own: types F32 and I32, and I64, whose values are not kept (PyTorch counts batches in it), header 1 MiB, 4096
/// tensors, 8 dimensions, file 1 GiB.
/// Source: github.com/huggingface/safetensors, README "Format".
/// </remarks>
public sealed class SafetensorsFile
{
    internal const int LengthBytes = 8;
    private const int MaxFileBytes = 1 << 30;

    private SafetensorsFile(IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, SafetensorsTensor> tensors)
    {
        Metadata = metadata;
        Tensors = tensors;
    }

    /// <summary>The entries of the header's <c>__metadata__</c>; empty if it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsTensor> Tensors { get; }

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TensorFileException">The file cannot be read or is not exactly of the format.</exception>
    public static SafetensorsFile Read(string path) => Parse(ReadBytes(path), path);

    /// <summary>Reads and checks the content of a file.</summary>
    /// <param name="bytes">The whole content.</param>
    /// <param name="source">Name in error messages: a path.</param>
    /// <exception cref="TensorFileException">The content is not exactly of the format.</exception>
    public static SafetensorsFile Parse(ReadOnlySpan<byte> bytes, string source = "safetensors content")
    {
        try
        {
            return ParseContent(bytes);
        }
        catch (TensorFileException exception)
        {
            throw new TensorFileException($"{source} is not a valid safetensors file: {exception.Message}", exception);
        }
    }

    /// <summary>Serializes metadata and tensors; the bytes do not depend on their order.</summary>
    /// <param name="metadata">Written as <c>__metadata__</c>, in ordinal order; left out if empty.</param>
    /// <param name="tensors">Written as F32 before I32, then in ordinal order of their names, as the format's own library does.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or one has a reserved name.</exception>
    public static byte[] ToBytes(IReadOnlyDictionary<string, string> metadata, IEnumerable<SafetensorsTensor> tensors)
    {
        SafetensorsTensor[] ordered =
        [
            .. tensors.OrderBy(tensor => tensor.DType, StringComparer.Ordinal).ThenBy(tensor => tensor.Name, StringComparer.Ordinal),
        ];
        byte[] header = SafetensorsHeader.Write(metadata, ordered);
        long dataBytes = ordered.Sum(tensor => 4L * ElementCount(tensor));
        byte[] bytes = new byte[checked(LengthBytes + header.Length + (int)dataBytes)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, LengthBytes);
        Span<byte> rest = bytes.AsSpan(LengthBytes + header.Length);
        foreach (SafetensorsTensor tensor in ordered)
        {
            WriteValues(tensor, rest);
            rest = rest[(4 * ElementCount(tensor))..];
        }

        return bytes;
    }

    /// <summary>Reads the bytes of a file, up to a limit above any valid length.</summary>
    /// <exception cref="TensorFileException">It cannot be read, or is longer.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            WholeFile.RefuseFolder(path);
            using FileStream stream = File.OpenRead(path);
            if (stream.Length > MaxFileBytes)
            {
                throw new TensorFileException($"{path} has {stream.Length} bytes, more than any model file of this program.");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new TensorFileException($"Cannot read {path}: {exception.Message}", exception);
        }
    }

    private static SafetensorsFile ParseContent(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < LengthBytes)
        {
            throw new TensorFileException($"it has {bytes.Length} bytes, fewer than the {LengthBytes} of the header's length.");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        ReadOnlySpan<byte> rest = bytes[LengthBytes..];
        if (headerLength > (ulong)Math.Min(rest.Length, SafetensorsHeader.MaxBytes))
        {
            throw new TensorFileException(
                $"the header is said to have {headerLength} bytes; {rest.Length} follow and {SafetensorsHeader.MaxBytes} are allowed.");
        }

        ReadOnlySpan<byte> data = rest[(int)headerLength..];
        SafetensorsHeader header = SafetensorsHeader.Parse(rest[..(int)headerLength], data.Length);
        Dictionary<string, SafetensorsTensor> tensors = new(header.Entries.Count, StringComparer.Ordinal);
        foreach (SafetensorsHeader.Entry entry in header.Entries)
        {
            tensors.Add(entry.Name, ReadValues(entry, data[entry.Begin..entry.End]));
        }

        return new SafetensorsFile(header.Metadata, tensors);
    }

    private static SafetensorsTensor ReadValues(SafetensorsHeader.Entry entry, ReadOnlySpan<byte> data)
    {
        if (entry.DType == "I64")
        {
            return SafetensorsTensor.OfCounters(entry.Name, entry.Shape);
        }

        int count = data.Length / 4;
        if (entry.DType == "F32")
        {
            float[] floats = new float[count];
            for (int index = 0; index < count; index++)
            {
                floats[index] = BinaryPrimitives.ReadSingleLittleEndian(data[(4 * index)..]);
            }

            return SafetensorsTensor.Of(entry.Name, entry.Shape, floats);
        }

        int[] ints = new int[count];
        for (int index = 0; index < count; index++)
        {
            ints[index] = BinaryPrimitives.ReadInt32LittleEndian(data[(4 * index)..]);
        }

        return SafetensorsTensor.Of(entry.Name, entry.Shape, ints);
    }

    private static void WriteValues(SafetensorsTensor tensor, Span<byte> destination)
    {
        int count = ElementCount(tensor);
        if (tensor.DType == "F32")
        {
            for (int index = 0; index < count; index++)
            {
                BinaryPrimitives.WriteSingleLittleEndian(destination[(4 * index)..], tensor.Floats[index]);
            }

            return;
        }

        for (int index = 0; index < count; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(destination[(4 * index)..], tensor.Ints[index]);
        }
    }

    private static int ElementCount(SafetensorsTensor tensor) => (int)SafetensorsTensor.CountElements(tensor.Shape);
}
