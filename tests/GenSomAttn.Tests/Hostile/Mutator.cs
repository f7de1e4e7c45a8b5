using System.Buffers.Binary;
using System.Text;

namespace GenSomAttn.Tests.Hostile;

/// <summary>Mutator of valid files: random, careless and malicious damage. The same seed gives the same files.</summary>
internal sealed class Mutator
{
    private const int MaxChanges = 4;
    private const int LongestRange = 64;

    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 4, 127, 128, 255, 256, short.MaxValue, 1L << 15, ushort.MaxValue, 1L << 16, 1L << 24, 1L << 30,
        int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32, 1L << 62, long.MaxValue, long.MinValue,
    ];

    private static readonly byte[][] Values =
    [
        .. new[]
        {
            "0", "-1", "-0", "1.0", "0.5", "1e2", "1e400", "-1e400", "1e-400", "NaN", "Infinity", "01", "0x1", "2147483648", "4294967296",
            "9223372036854775807", "18446744073709551615", "18446744073709551616", new string('9', 400), "null", "true", "\"\"", "\"a\"",
            "\"\\ud800\"", "\"\\u0000\"", "\"\\u0061\"", "\"1\"", "[]", "{}", "[0]", "{\"a\":0}", "[null]",
            new string('[', 80) + new string(']', 80),
        }.Select(Encoding.ASCII.GetBytes),
    ];

    private readonly HostileReader _reader;
    private readonly Random _random;
    private readonly int _longest;

    public Mutator(HostileReader reader, int seed)
    {
        _reader = reader;
        _random = new Random(seed);
        _longest = 4 * reader.Seeds.Max(file => file.Length);
    }

    /// <summary>Returns the next damaged file; in half of them lengths and checksums are repaired.</summary>
    public byte[] Next()
    {
        byte[] bytes = _reader.Seeds[_random.Next(_reader.Seeds.Count)];
        for (int left = _random.Next(MaxChanges); left >= 0; left--)
        {
            bytes = Change(bytes);
            bytes = bytes.Length > _longest ? bytes[.._longest] : bytes;
        }

        return (_reader.Repair is not null) && (_random.Next(2) == 0) ? _reader.Repair(bytes) : bytes;
    }

    private byte[] Change(byte[] bytes) => _random.Next(14) switch
    {
        0 => With(bytes, copy => copy[_random.Next(copy.Length)] ^= (byte)(1 << _random.Next(8))),
        1 => With(bytes, copy => copy[_random.Next(copy.Length)] = (byte)_random.Next(256)),
        2 => With(bytes, WriteNumber),
        3 => With(bytes, SwapRanges),
        4 => Replace(bytes, Place(bytes), 0, RandomBytes()),
        5 => Delete(bytes),
        6 => Duplicate(bytes),
        7 => bytes[..Place(bytes)],
        8 => Splice(bytes),
        9 => PutToken(bytes),
        10 => ChangeJson(bytes, (place, value) => Replace(bytes, place.Start, place.End - place.Start, value)),
        11 => ChangeJson(bytes, (place, _) => Nest(bytes, place)),
        12 => ChangeJson(bytes, (place, _) => RepeatMember(bytes, place)),
        _ => ChangeJson(bytes, (place, value) => Replace(bytes, place.Start, 0, value)),
    };

    private int Place(byte[] bytes) => _random.Next(bytes.Length + 1);

    private byte[] RandomBytes()
    {
        byte[] bytes = new byte[1 + _random.Next(LongestRange)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private (int Start, int Length) Range(byte[] bytes)
    {
        int start = Place(bytes);
        return (start, _random.Next(Math.Min(LongestRange, bytes.Length - start) + 1));
    }

    private static byte[] With(byte[] bytes, Action<byte[]> change)
    {
        byte[] copy = [.. bytes];
        if (copy.Length > 0)
        {
            change(copy);
        }

        return copy;
    }

    private static byte[] Replace(byte[] bytes, int start, int length, ReadOnlySpan<byte> replacement) =>
        [.. bytes.AsSpan(0, start), .. replacement, .. bytes.AsSpan(start + length)];

    private void WriteNumber(byte[] bytes)
    {
        Span<byte> eight = stackalloc byte[8];
        long number = Numbers[_random.Next(Numbers.Length)];
        int width = 1 << _random.Next(4);
        int place = _random.Next(bytes.Length);
        bool isBig = _random.Next(2) == 0;
        BinaryPrimitives.WriteInt64LittleEndian(eight, number);
        eight = eight[..Math.Min(width, bytes.Length - place)];
        if (isBig)
        {
            eight.Reverse();
        }

        eight.CopyTo(bytes.AsSpan(place));
    }

    private void SwapRanges(byte[] bytes)
    {
        (int first, int length) = Range(bytes);
        int second = _random.Next(bytes.Length - length + 1);
        byte[] kept = bytes[first..(first + length)];
        bytes.AsSpan(second, length).CopyTo(bytes.AsSpan(first));
        kept.CopyTo(bytes, second);
    }

    private byte[] Delete(byte[] bytes)
    {
        (int start, int length) = Range(bytes);
        return Replace(bytes, start, length, []);
    }

    private byte[] Duplicate(byte[] bytes)
    {
        (int start, int length) = Range(bytes);
        return Replace(bytes, start, 0, bytes.AsSpan(start, length));
    }

    private byte[] Splice(byte[] bytes)
    {
        byte[] other = _reader.Seeds[_random.Next(_reader.Seeds.Count)];
        return [.. bytes.AsSpan(0, Place(bytes)), .. other.AsSpan(Place(other))];
    }

    private byte[] PutToken(byte[] bytes)
    {
        if (_reader.Tokens.Count == 0)
        {
            return Duplicate(bytes);
        }

        byte[] token = _reader.Tokens[_random.Next(_reader.Tokens.Count)];
        int start = Place(bytes);
        int replaced = _random.Next(2) == 0 ? 0 : Math.Min(token.Length, bytes.Length - start);
        return Replace(bytes, start, replaced, token);
    }

    private byte[] ChangeJson(byte[] bytes, Func<JsonPlace, byte[], byte[]> change)
    {
        List<JsonPlace> places = JsonText.Find(bytes);
        return places.Count == 0 ? Delete(bytes) : change(places[_random.Next(places.Count)], Values[_random.Next(Values.Length)]);
    }

    private byte[] Nest(byte[] bytes, JsonPlace place)
    {
        int depth = _random.Next(3) == 0 ? 70 : 1;
        (string before, string after) = _random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        return Replace(bytes, place.Start, place.End - place.Start,
        [
            .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(before, depth))),
            .. bytes.AsSpan(place.Start, place.End - place.Start),
            .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(after, depth))),
        ]);
    }

    /// <summary>Duplicates a key, literally or with its first letter as \u0061, which is equal.</summary>
    private byte[] RepeatMember(byte[] bytes, JsonPlace place)
    {
        if (place.Key < 0)
        {
            return Replace(bytes, place.Start, place.End - place.Start, []);
        }

        ReadOnlySpan<byte> member = bytes.AsSpan(place.Key, place.End - place.Key);
        byte[] escaped = [(byte)'"', .. Encoding.ASCII.GetBytes($"\\u{member[1]:x4}"), .. member[2..]];
        return Replace(bytes, place.End, 0, [(byte)',', .. _random.Next(2) == 0 ? escaped : member]);
    }
}
