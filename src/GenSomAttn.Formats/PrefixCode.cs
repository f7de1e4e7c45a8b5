namespace GenSomAttn.Formats;

/// <summary>A canonical prefix code of a lossless WebP image (RFC 9649, section 3.7.2).</summary>
internal sealed class PrefixCode
{
    private const int MaxLength = 15;

    // Symbols of the code of code lengths: a length repeated, and runs of zeros.
    private const int Repeat = 16;
    private const int ShortZeros = 17;

    private static readonly int[] LengthOrder = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    // Number of codes of each length, and the symbols by length, then by value. A single symbol takes no bits.
    private readonly int[] _counts = new int[MaxLength + 1];
    private readonly int[] _symbols;

    private PrefixCode(int[] lengths)
    {
        _symbols =
        [
            .. from symbol in Enumerable.Range(0, lengths.Length)
               where lengths[symbol] > 0
               orderby lengths[symbol], symbol
               select symbol,
        ];
        int free = 1;
        foreach (int symbol in _symbols)
        {
            _counts[lengths[symbol]]++;
        }

        for (int length = 1; length <= MaxLength; length++)
        {
            free = (2 * free) - _counts[length];
            if (free < 0)
            {
                break;
            }
        }

        if (_symbols.Length == 0 || (_symbols.Length > 1 && free != 0))
        {
            throw LosslessWebp.Damaged("has a prefix code that is none");
        }
    }

    /// <summary>Reads the code lengths of an alphabet.</summary>
    /// <param name="bits">The stream.</param>
    /// <param name="alphabet">Number of symbols.</param>
    /// <exception cref="InvalidDataException">The lengths are no prefix code, or the stream ends.</exception>
    public static PrefixCode Read(ref LosslessBits bits, int alphabet) =>
        new(bits.Read(1) == 1 ? ReadFewSymbols(ref bits, alphabet) : ReadLengths(ref bits, alphabet));

    /// <summary>Reads a symbol, bit by bit.</summary>
    /// <param name="bits">The stream.</param>
    /// <exception cref="InvalidDataException">The stream ends.</exception>
    public int ReadSymbol(ref LosslessBits bits)
    {
        if (_symbols.Length == 1)
        {
            return _symbols[0];
        }

        // Codes of a length are consecutive numbers that follow twice the number after the last shorter code.
        int code = 0;
        int first = 0;
        int index = 0;
        for (int length = 1; ; length++)
        {
            code = (2 * code) + bits.Read(1);
            first *= 2;
            if (code - first < _counts[length])
            {
                return _symbols[index + code - first];
            }

            first += _counts[length];
            index += _counts[length];
        }
    }

    private static int[] ReadFewSymbols(ref LosslessBits bits, int alphabet)
    {
        int[] lengths = new int[alphabet];
        int further = bits.Read(1);
        int symbol = bits.Read(bits.Read(1) == 1 ? 8 : 1);
        while (true)
        {
            lengths[symbol < alphabet ? symbol : throw LosslessWebp.Damaged("has a symbol outside of its alphabet")] = 1;
            if (further-- == 0)
            {
                return lengths;
            }

            symbol = bits.Read(8);
        }
    }

    private static int[] ReadLengths(ref LosslessBits bits, int alphabet)
    {
        int[] ofLengths = new int[LengthOrder.Length];
        int given = bits.Read(4) + 4;
        for (int i = 0; i < given; i++)
        {
            ofLengths[LengthOrder[i]] = bits.Read(3);
        }

        PrefixCode code = new(ofLengths);
        int left = bits.Read(1) == 1 ? 2 + bits.Read(2 + (2 * bits.Read(3))) : alphabet;
        int[] lengths = new int[alphabet];
        int last = 8;
        for (int symbol = 0; symbol < alphabet && left > 0; left--)
        {
            int read = code.ReadSymbol(ref bits);
            if (read < Repeat)
            {
                lengths[symbol++] = read;
                last = read == 0 ? last : read;
                continue;
            }

            int run = read == Repeat ? 3 + bits.Read(2) : read == ShortZeros ? 3 + bits.Read(3) : 11 + bits.Read(7);
            if (run > alphabet - symbol)
            {
                throw LosslessWebp.Damaged("has more code lengths than symbols");
            }

            lengths.AsSpan(symbol, run).Fill(read == Repeat ? last : 0);
            symbol += run;
        }

        return lengths;
    }
}
