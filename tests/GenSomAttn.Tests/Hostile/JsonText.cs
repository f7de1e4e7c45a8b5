namespace GenSomAttn.Tests.Hostile;

/// <summary>A value in a JSON text.</summary>
/// <param name="Key">Start of the key before it, quote included; negative if it has none.</param>
/// <param name="Start">Start of the value.</param>
/// <param name="End">Position after the value.</param>
internal readonly record struct JsonPlace(int Key, int Start, int End);

/// <summary>Search for JSON values within any bytes, valid or damaged.</summary>
internal static class JsonText
{
    /// <summary>Finds the values, including those within objects and arrays, without keys.</summary>
    public static List<JsonPlace> Find(ReadOnlySpan<byte> bytes)
    {
        List<JsonPlace> places = [];
        Stack<int> open = [];
        Dictionary<int, int> keys = [];
        for (int at = 0; at < bytes.Length;)
        {
            int start = at;
            byte first = bytes[at++];
            if (first is (byte)'{' or (byte)'[')
            {
                open.Push(start);
                continue;
            }

            if (first is (byte)'}' or (byte)']')
            {
                if (!open.TryPop(out start))
                {
                    continue;
                }
            }
            else if (first == (byte)'"')
            {
                at = EndOfString(bytes, at);
                int next = SkipSpaces(bytes, at);
                if ((next < bytes.Length) && (bytes[next] == (byte)':'))
                {
                    keys[SkipSpaces(bytes, next + 1)] = start;
                    continue;
                }
            }
            else if (IsWord(first))
            {
                while ((at < bytes.Length) && IsWord(bytes[at]))
                {
                    at++;
                }
            }
            else
            {
                continue;
            }

            places.Add(new JsonPlace(keys.GetValueOrDefault(start, -1), start, at));
        }

        return places;
    }

    private static int EndOfString(ReadOnlySpan<byte> bytes, int at)
    {
        while ((at < bytes.Length) && (bytes[at] != (byte)'"'))
        {
            at += bytes[at] == (byte)'\\' ? 2 : 1;
        }

        return Math.Min(at + 1, bytes.Length);
    }

    private static int SkipSpaces(ReadOnlySpan<byte> bytes, int at)
    {
        while ((at < bytes.Length) && (bytes[at] is (byte)' ' or (byte)'\n'))
        {
            at++;
        }

        return at;
    }

    private static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || (value is (byte)'-' or (byte)'+' or (byte)'.');
}
