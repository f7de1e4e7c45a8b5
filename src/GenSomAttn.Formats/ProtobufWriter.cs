using System.Buffers.Binary;
using System.Text;

namespace GenSomAttn.Formats;

/// <summary>Writer of one protocol buffer message, field by field.</summary>
/// <remarks>Source: protobuf.dev, "Encoding": each field is a tag, number · 8 + wire type, and its value.</remarks>
internal sealed class ProtobufWriter : IDisposable
{
    private const int VarintType = 0, LengthType = 2, Fixed32Type = 5;
    private readonly MemoryStream _bytes = new();

    /// <summary>Writes an integer, an enumeration or a bool.</summary>
    public void Integer(int field, long value)
    {
        Varint((ulong)((field << 3) | VarintType));
        Varint((ulong)value);
    }

    /// <summary>Writes a float.</summary>
    public void Number(int field, float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        Varint((ulong)((field << 3) | Fixed32Type));
        _bytes.Write(bytes);
    }

    /// <summary>Writes a string.</summary>
    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Writes bytes, or a serialized message.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)((field << 3) | LengthType));
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    /// <summary>Writes a message.</summary>
    public void Message(int field, Action<ProtobufWriter> write)
    {
        using var message = new ProtobufWriter();
        write(message);
        Bytes(field, message._bytes.GetBuffer().AsSpan(0, (int)message._bytes.Length));
    }

    /// <summary>Returns the message.</summary>
    public byte[] ToBytes() => _bytes.ToArray();

    /// <inheritdoc/>
    public void Dispose() => _bytes.Dispose();

    /// <summary>Writes seven bits per byte, the lowest first; the highest bit says that more follow.</summary>
    private void Varint(ulong value)
    {
        const int Bits = 7;
        const byte More = 0x80;
        for (; value >= More; value >>= Bits)
        {
            _bytes.WriteByte((byte)(value | More));
        }

        _bytes.WriteByte((byte)value);
    }
}
