using Spectre.Console.Rendering;

namespace GenSomAttn.Cli.Output;

/// <summary>Text width on a terminal and word wrapping.</summary>
internal static class TextLines
{
    /// <summary>Returns the columns of a text on a terminal; wide characters take two, combining ones none.</summary>
    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>Returns the width of the longest word.</summary>
    public static int LongestWord(string text) => text.Split(' ').Max(Width);

    /// <summary>Returns the text as one line: control characters become spaces.</summary>
    public static string OnOneLine(string text) => string.Create(text.Length, text, (line, source) =>
    {
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(source[i]) ? ' ' : source[i];
        }
    });

    /// <summary>Wraps a text at word boundaries; a word longer than the width is not broken and gets its own line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">Columns of a line; null leaves the text on one line.</param>
    public static IReadOnlyList<string> Wrap(string text, int? width)
    {
        if (width is not { } room || Width(text) <= room)
        {
            return [text];
        }

        List<string> lines = [];
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string longer = line.Length == 0 ? word : $"{line} {word}";
            if (line.Length > 0 && Width(longer) > room)
            {
                lines.Add(line);
                longer = word;
            }

            line = longer;
        }

        lines.Add(line);
        return lines;
    }
}
