using System.Globalization;
using Spectre.Console;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// Progress bar with text on the last row of a terminal. It is shorter than the row, and all rows that it may occupy are cleared before
/// other output: a terminal that became narrower reflows one row into several.
/// </summary>
/// <param name="terminal">The terminal.</param>
internal sealed class StatusLine(IAnsiConsole terminal)
{
    private const int WidestBar = 30;
    private const int NarrowestBar = 8;
    private static readonly Style Done = new(Color.Yellow);
    private static readonly Style Left = new(Color.Grey);

    private double _share;
    private string[] _words = [];
    private int _length;

    /// <summary>Shows the bar.</summary>
    /// <param name="share">Progress from 0 to 1.</param>
    /// <param name="words">Texts beside the bar, the most important first; those that do not fit are left out.</param>
    public void Show(double share, params string[] words)
    {
        (_share, _words) = (share, words);
        Clear();
        Draw();
    }

    /// <summary>Prints a line above the bar, wrapped at word boundaries.</summary>
    public void PrintAbove(string text)
    {
        Clear();
        foreach (string line in TextLines.Wrap(text, terminal.Profile.Width))
        {
            terminal.Profile.Out.Writer.WriteLine(line);
        }

        Draw();
    }

    /// <summary>Clears the bar.</summary>
    public void Clear()
    {
        if (_length > 0)
        {
            int rowsAbove = (_length - 1) / Math.Max(1, terminal.Profile.Width);
            string up = rowsAbove > 0 ? string.Create(CultureInfo.InvariantCulture, $"\e[{rowsAbove}A") : "";
            terminal.Profile.Out.Writer.Write($"\r{up}\e[J");
            _length = 0;
        }
    }

    private void Draw()
    {
        // One column stays free, so that the cursor stays in the row.
        int room = terminal.Profile.Width - 1;
        string text = string.Create(CultureInfo.InvariantCulture, $"{_share * 100,3:0}%");
        string separator = " ";
        foreach (string word in _words)
        {
            if (text.Length + separator.Length + word.Length > room)
            {
                break;
            }

            text += separator + word;
            separator = ", ";
        }

        int bar = Math.Min(WidestBar, room - text.Length - 1);
        if (bar >= NarrowestBar)
        {
            int done = (int)(bar * _share);
            string stroke = terminal.Profile.Capabilities.Unicode ? "━" : "-";
            terminal.Write(new Text(string.Concat(Enumerable.Repeat(stroke, done)), Done));
            terminal.Write(new Text(string.Concat(Enumerable.Repeat(stroke, bar - done)), Left));
            text = $" {text}";
        }

        terminal.Write(new Text(text));
        _length = Math.Max(0, bar >= NarrowestBar ? bar : 0) + text.Length;
    }
}
