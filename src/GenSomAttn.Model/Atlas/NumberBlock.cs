using System.Buffers.Binary;

namespace GenSomAttn.Model.Atlas;

/// <summary>Many numbers in the page, as little-endian IEEE 754.</summary>
/// <param name="Bits">16, 32 or 64 per number.</param>
/// <param name="Base64">The numbers, which the serializer writes as base64.</param>
internal sealed record NumberBlock(int Bits, byte[] Base64)
{
    /// <summary>Rounds to half precision, which has 11 significant bits.</summary>
    public static NumberBlock Halves(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[values.Length * 2];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), (Half)values[i]);
        }

        return new NumberBlock(16, bytes);
    }

    /// <summary>Keeps single precision.</summary>
    public static NumberBlock Singles(ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[values.Length * 4];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        }

        return new NumberBlock(32, bytes);
    }

    /// <summary>Rounds to single precision.</summary>
    public static NumberBlock Singles(ReadOnlySpan<double> values)
    {
        float[] rounded = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            rounded[i] = (float)values[i];
        }

        return Singles(rounded);
    }

    /// <summary>Keeps double precision.</summary>
    public static NumberBlock Doubles(ReadOnlySpan<double> values)
    {
        byte[] bytes = new byte[values.Length * 8];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(8 * i), values[i]);
        }

        return new NumberBlock(64, bytes);
    }
}
