using static GenSomAttn.Cli.Output.TextLines;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// Lays out help that has a line for each option, "  --name &lt;VALUE&gt;   what it does", for a terminal: lines end between words, and the
/// library's own layout breaks a word that is longer than its column.
/// </summary>
internal static class HelpLayout
{
    /// <summary>A text beside a name gets at least so many columns, or stands below it.</summary>
    private const int MinRoom = 32;

    private const string Indent = "  ", Below = "      ";

    /// <summary>The lines.</summary>
    /// <param name="help">The help without a limit to its lines.</param>
    /// <param name="width">Columns of the terminal; null leaves the help as it is.</param>
    public static IEnumerable<string> Lines(string help, int? width)
    {
        string[] lines = help.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        return width is { } room ? lines.SelectMany(line => Fit(line.TrimEnd(), room)) : lines.Select(line => line.TrimEnd());
    }

    private static IEnumerable<string> Fit(string line, int width)
    {
        if (Width(line) <= width)
        {
            return [line];
        }

        int gap = line.StartsWith(Indent, StringComparison.Ordinal) ? line.IndexOf("  ", Indent.Length, StringComparison.Ordinal) : -1;
        if (gap < 0)
        {
            string indent = line[..^line.TrimStart().Length];
            return Wrap(line.TrimStart(), width - indent.Length).Select(part => indent + part);
        }

        string text = line[gap..].TrimStart();
        int start = line.Length - text.Length;
        bool fits = width - start >= Math.Max(MinRoom, LongestWord(text));
        IReadOnlyList<string> parts = Wrap(text, width - (fits ? start : Below.Length));
        return fits
            ? parts.Select((part, p) => (p == 0 ? line[..start] : new string(' ', start)) + part)
            : parts.Select(part => Below + part).Prepend(line[..gap]);
    }
}
