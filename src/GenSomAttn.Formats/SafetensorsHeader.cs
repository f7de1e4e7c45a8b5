using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace GenSomAttn.Formats;

/// <summary>JSON header of a safetensors file: the offsets of each tensor in the data, and the metadata.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>Maximum length of a header.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxTensors = 4096;
    private const int MaxRank = 8;
    private const string MetadataKey = "__metadata__";

    // Relaxed: \" instead of \u0022. The text is never part of a web page.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private SafetensorsHeader(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<Entry> entries)
    {
        Metadata = metadata;
        Entries = entries;
    }

    /// <summary>String-to-string dictionary.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors in the order of their data.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    /// <summary>Reads a header and checks that its tensors cover the data exactly, each byte once.</summary>
    /// <param name="utf8">The JSON.</param>
    /// <param name="dataLength">Bytes of data that follow the header.</param>
    /// <exception cref="TensorFileException">The header is not exactly of the format.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> utf8, int dataLength)
    {
        // JsonDocument checks the encoding lazily, and the format requires '{' as the first byte.
        if (!Utf8.IsValid(utf8) || !utf8.StartsWith("{"u8))
        {
            throw new TensorFileException("the header is not a JSON object in UTF-8.");
        }

        try
        {
            JsonDocumentOptions options = new() { AllowDuplicateProperties = false, MaxDepth = 4 };
            using JsonDocument document = JsonDocument.Parse(utf8.ToArray(), options);
            return Parse(document.RootElement, dataLength);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half of a surrogate pair in a name or a value.
            throw new TensorFileException($"the header is not valid JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Serializes a header as JSON, padded with spaces so that the data begin at a multiple of 8 bytes.</summary>
    /// <param name="metadata">Written in ordinal order.</param>
    /// <param name="tensors">In the order of their data.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name, or one has a reserved name.</exception>
    public static byte[] Write(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsTensor> tensors)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, WriterOptions))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            HashSet<string> names = new(StringComparer.Ordinal) { MetadataKey };
            long begin = 0;
            foreach (SafetensorsTensor tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                {
                    throw new ArgumentException($"The name {tensor.Name} is used twice or reserved.", nameof(tensors));
                }

                begin = WriteEntry(writer, tensor, begin);
            }

            writer.WriteEndObject();
        }

        int padded = (buffer.WrittenCount + 7) / 8 * 8;
        byte[] header = new byte[padded];
        header.AsSpan().Fill((byte)' ');
        buffer.WrittenSpan.CopyTo(header);
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(MetadataKey);
        foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static long WriteEntry(Utf8JsonWriter writer, SafetensorsTensor tensor, long begin)
    {
        long end = begin + (4 * SafetensorsTensor.CountElements(tensor.Shape));
        writer.WriteStartObject(tensor.Name);
        writer.WriteString("dtype", tensor.DType);
        writer.WriteStartArray("shape");
        foreach (int dimension in tensor.Shape)
        {
            writer.WriteNumberValue(dimension);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("data_offsets");
        writer.WriteNumberValue(begin);
        writer.WriteNumberValue(end);
        writer.WriteEndArray();
        writer.WriteEndObject();
        return end;
    }

    private static SafetensorsHeader Parse(JsonElement root, int dataLength)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        List<Entry> entries = [];
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.NameEquals(MetadataKey))
            {
                ReadMetadata(property.Value, metadata);
            }
            else
            {
                entries.Add(ReadEntry(property.Name, property.Value, dataLength));
            }
        }

        if (entries.Count > MaxTensors)
        {
            throw new TensorFileException($"it has {entries.Count} tensors, more than {MaxTensors}.");
        }

        entries.Sort((left, right) => (left.Begin, left.End).CompareTo((right.Begin, right.End)));
        int covered = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Begin != covered)
            {
                throw new TensorFileException(
                    $"the data of tensor {entry.Name} begin at byte {entry.Begin}, but those before end at {covered}.");
            }

            covered = entry.End;
        }

        return covered == dataLength
            ? new SafetensorsHeader(metadata, entries)
            : throw new TensorFileException($"its tensors take {covered} bytes, but {dataLength} follow the header.");
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new TensorFileException($"{MetadataKey} is not an object.");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                throw new TensorFileException($"the value of {property.Name} in {MetadataKey} is not a text.");
            }

            metadata.Add(property.Name, property.Value.GetString()!);
        }
    }

    private static Entry ReadEntry(string name, JsonElement element, int dataLength)
    {
        string[] keys = ["data_offsets", "dtype", "shape"];
        if ((element.ValueKind != JsonValueKind.Object)
            || !element.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal).SequenceEqual(keys))
        {
            throw new TensorFileException($"the entry of tensor {name} is not an object of dtype, shape and data_offsets.");
        }

        JsonElement type = element.GetProperty("dtype");
        if ((type.ValueKind != JsonValueKind.String) || type.GetString() is not ("F32" or "I32" or "I64"))
        {
            throw new TensorFileException($"tensor {name} has dtype {type}, expected F32, I32 or I64.");
        }

        int[] shape = ReadNumbers(name, element.GetProperty("shape"), int.MaxValue);
        int[] offsets = ReadNumbers(name, element.GetProperty("data_offsets"), dataLength);
        if ((shape.Length > MaxRank) || (offsets.Length != 2))
        {
            throw new TensorFileException($"tensor {name} has {shape.Length} dimensions and {offsets.Length} offsets, "
                + $"expected at most {MaxRank} and exactly 2.");
        }

        long bytes = (type.ValueEquals("I64"u8) ? 8 : 4) * SafetensorsTensor.CountElements(shape);
        return bytes == (offsets[1] - (long)offsets[0])
            ? new Entry(name, type.GetString()!, shape, offsets[0], offsets[1])
            : throw new TensorFileException($"tensor {name} of shape [{string.Join(", ", shape)}] does not fit its offsets "
                + $"{offsets[0]} to {offsets[1]}.");
    }

    private static int[] ReadNumbers(string name, JsonElement element, int max)
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw new TensorFileException($"shape or data_offsets of tensor {name} is not an array.");
        }

        List<int> numbers = [];
        foreach (JsonElement item in element.EnumerateArray())
        {
            if ((item.ValueKind != JsonValueKind.Number) || !item.TryGetInt64(out long number) || (number < 0) || (number > max))
            {
                throw new TensorFileException($"shape or data_offsets of tensor {name} holds {item}, expected a whole number "
                    + $"from 0 to {max}.");
            }

            numbers.Add((int)number);
        }

        return [.. numbers];
    }

    /// <summary>Entry of a tensor, at bytes <paramref name="Begin"/> to <paramref name="End"/> (exclusive) of the data.</summary>
    internal sealed record Entry(string Name, string DType, int[] Shape, int Begin, int End);
}
