using static GenSomAttn.Cli.Output.TextLines;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// Layout of the help text, which has a line for each option ("  --name &lt;VALUE&gt;   description"), for a terminal: wraps at word
/// boundaries, where the library's layout breaks a word that is longer than its column.
/// </summary>
internal static class HelpLayout
{
    /// <summary>Minimum width of a description beside its name; with less space it is printed below.</summary>
    private const int MinRoom = 32;

    private const string Indent = "  ", Below = "      ";

    /// <summary>Returns the laid out lines.</summary>
    /// <param name="help">The help with unlimited line length.</param>
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
