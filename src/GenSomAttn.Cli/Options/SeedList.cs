using System.Globalization;

namespace GenSomAttn.Cli.Options;

/// <summary>Seeds of several trainings.</summary>
/// <param name="Text">As on the command line: "3" for 1, 2 and 3; "11..20"; "5,7,11..20".</param>
/// <param name="Seeds">The seeds, each once.</param>
internal sealed record SeedList(string Text, IReadOnlyList<ulong> Seeds)
{
    private const int MaxSeeds = 100;

    /// <summary>The form of the value.</summary>
    public static readonly ValueForm<SeedList> Form = new(
        $"a whole number from 1 to {MaxSeeds}, or at most {MaxSeeds} different seeds such as 11..20 or 5,7,11..20", "SEEDS",
        TryParse);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool TryParse(string text, out SeedList list)
    {
        List<ulong>? seeds = TryNumber(text, out ulong count) ? Range(1, count) : Several(text);
        list = new SeedList(text, seeds ?? []);
        return seeds is { Count: > 0 } && seeds.Distinct().Count() == seeds.Count;
    }

    private static List<ulong>? Several(string text)
    {
        List<ulong> seeds = [];
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split("..");
            if (ends.Length > 2 || !TryNumber(ends[0], out ulong first) || !TryNumber(ends[^1], out ulong last)
                || Range(first, last) is not { } range || seeds.Count + range.Count > MaxSeeds)
            {
                return null;
            }

            seeds.AddRange(range);
        }

        return seeds;
    }

    /// <summary>Returns the numbers from the first to the last; null if they are none or too many.</summary>
    private static List<ulong>? Range(ulong first, ulong last)
    {
        if (last < first || last - first >= MaxSeeds)
        {
            return null;
        }

        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(step => first + (ulong)step)];
    }

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
