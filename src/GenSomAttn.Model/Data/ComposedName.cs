using System.Text;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Names in Unicode's composed form (NFC), in which the same name is the same text: macOS writes é as e and a mark, other systems as one
/// character. The program runs without ICU, where <see cref="string.Normalize()"/> returns its input.
/// </summary>
internal static class ComposedName
{
    private const char HangulFirst = '\u1100';
    private const char HangulVowel = '\u1161';
    private const char HangulLast = '\u11A7';
    private const char HangulSyllable = '\uAC00';
    private const int HangulFirsts = 19;
    private const int HangulVowels = 21;
    private const int HangulLasts = 28;

    private static readonly Dictionary<(char, char), char> Compositions = new(
        from mark in CanonicalCompositions.All
        from at in Enumerable.Range(0, mark.Pairs.Length / 2)
        select KeyValuePair.Create((mark.Pairs[2 * at], mark.Mark), mark.Pairs[(2 * at) + 1]));

    private static readonly Dictionary<char, int> Classes = CanonicalCompositions.All.ToDictionary(mark => mark.Mark, mark => mark.Class);

    /// <summary>
    /// Composes each character with the marks behind it (Unicode Standard Annex 15, canonical composition). The marks are expected in
    /// canonical order, as file systems write them.
    /// </summary>
    public static string Of(string name)
    {
        if (name.All(char.IsAscii))
        {
            return name;
        }

        StringBuilder composed = new(name.Length);
        int starter = -1;
        int former = 0;
        foreach (char next in name)
        {
            int mark = Classes.GetValueOrDefault(next);
            bool isNeighbor = starter == composed.Length - 1;
            if (starter >= 0 && (isNeighbor || (mark > former && former > 0)) && Compose(composed[starter], next) is { } character)
            {
                composed[starter] = character;
                continue;
            }

            composed.Append(next);
            former = mark;
            starter = mark == 0 ? composed.Length - 1 : starter;
        }

        return composed.ToString();
    }

    private static char? Compose(char first, char second)
    {
        if (first - HangulFirst is >= 0 and < HangulFirsts && second - HangulVowel is >= 0 and < HangulVowels)
        {
            return (char)(HangulSyllable + ((((first - HangulFirst) * HangulVowels) + (second - HangulVowel)) * HangulLasts));
        }

        int syllable = first - HangulSyllable;
        bool isOpen = syllable is >= 0 and < HangulFirsts * HangulVowels * HangulLasts && syllable % HangulLasts == 0;
        if (isOpen && second - HangulLast is > 0 and < HangulLasts)
        {
            return (char)(first + (second - HangulLast));
        }

        return Compositions.TryGetValue((first, second), out char composed) ? composed : null;
    }
}
