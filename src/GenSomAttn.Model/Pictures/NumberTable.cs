using System.Globalization;
using System.Text;

namespace GenSomAttn.Model.Pictures;

/// <summary>Table of the numbers behind a picture, as CSV with a header line.</summary>
public sealed class NumberTable
{
    private readonly StringBuilder _text = new();
    private readonly int _columns;

    /// <summary>Creates a table without rows.</summary>
    public NumberTable(params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns.Count;
        AddRow([.. columns]);
    }

    /// <summary>Adds a row of numbers and strings; null and NaN become an empty cell.</summary>
    /// <exception cref="ArgumentException">The row has another number of cells than there are columns.</exception>
    public void AddRow(params IReadOnlyList<object?> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Count != _columns)
        {
            throw new ArgumentException($"A row of {cells.Count} cells was added to a table of {_columns} columns.", nameof(cells));
        }

        _text.Append(Line(cells));
    }

    /// <summary>Returns a line of a table with its line feed: numbers and strings; null and NaN become an empty cell.</summary>
    public static string Line(params IReadOnlyList<object?> cells) => string.Join(',', cells.Select(Cell)) + "\n";

    /// <summary>Returns the whole table; lines end with LF.</summary>
    public string ToCsv() => _text.ToString();

    private static string Cell(object? value)
    {
        if (value is null or double.NaN or float.NaN)
        {
            return "";
        }

        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
