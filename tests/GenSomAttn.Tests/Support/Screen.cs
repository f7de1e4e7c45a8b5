using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GenSomAttn.Tests.Support;

/// <summary>Model of a terminal's screen: like most terminals, it reflows long lines into several rows when its width changes.</summary>
/// <param name="columns">Initial width.</param>
internal sealed partial class Screen(int columns)
{
    private readonly List<StringBuilder> _lines = [new()];
    private int _line;
    private int _place;

    /// <summary>Current width.</summary>
    public int Columns { get; set; } = columns;

    /// <summary>The non-empty lines; a line over several rows counts once.</summary>
    public string[] Lines => [.. _lines.Select(line => line.ToString().TrimEnd()).Where(line => line.Length > 0)];

    /// <summary>Processes terminal output.</summary>
    public void Send(string text)
    {
        foreach (Match part in Parts().Matches(text))
        {
            switch (part.Value)
            {
                case "\r":
                    _place -= Column;
                    break;
                case "\n":
                    Down();
                    break;
                case "\e[J" or "\e[0J":
                    _lines[_line].Length = Math.Min(_place, _lines[_line].Length);
                    _lines.RemoveRange(_line + 1, _lines.Count - _line - 1);
                    break;
                case var up when up.EndsWith('A') && up[0] == '\e':
                    Up(int.Parse(up[2..^1], CultureInfo.InvariantCulture));
                    break;
                case [not '\e']:
                    Put(part.Value[0]);
                    break;
                case var other when !other.EndsWith('m') && other is not ("\e[?1h" or "\e="):
                    throw new NotSupportedException($"The screen does not know {other[1..]}.");
            }
        }
    }

    /// <summary>Column of the cursor; after a character in the last column it stays there until the next one.</summary>
    private int Column => _place > 0 && _place % Columns == 0 && _place == _lines[_line].Length ? Columns : _place % Columns;

    private void Down()
    {
        _line++;
        _place = 0;
        if (_line == _lines.Count)
        {
            _lines.Add(new StringBuilder());
        }
    }

    private void Up(int rows)
    {
        int column = Column;
        for (int row = 0; row < rows; row++)
        {
            int start = _place - Column;
            if (start >= Columns)
            {
                _place = start - Columns + column;
            }
            else if (_line > 0)
            {
                _line--;
                _place = ((Math.Max(1, _lines[_line].Length) - 1) / Columns * Columns) + column;
            }
        }
    }

    private void Put(char character)
    {
        StringBuilder line = _lines[_line];
        line.Append(' ', Math.Max(0, _place + 1 - line.Length));
        line[_place++] = character;
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]|\e[=>]|[\s\S]")]
    private static partial Regex Parts();
}
