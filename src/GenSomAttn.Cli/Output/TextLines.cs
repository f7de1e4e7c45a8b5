using Spectre.Console.Rendering;

namespace GenSomAttn.Cli.Output;

/// <summary>Texts in lines of a width.</summary>
internal static class TextLines
{
    /// <summary>Columns that a text takes on a terminal; some characters take two, and accents none.</summary>
    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>The width of the longest word.</summary>
    public static int LongestWord(string text) => text.Split(' ').Max(Width);

    /// <summary>The text on one line: what would end a line or move the cursor becomes a space.</summary>
    public static string OnOneLine(string text) => string.Create(text.Length, text, (line, source) =>
    {
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(source[i]) ? ' ' : source[i];
        }
    });

    /// <summary>Lines that end between words; a word that is longer than the width stays whole on a line of its own.</summary>
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
