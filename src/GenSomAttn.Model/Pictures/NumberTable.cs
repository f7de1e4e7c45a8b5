using System.Globalization;
using System.Text;

namespace GenSomAttn.Model.Pictures;

/// <summary>The numbers behind a picture, as comma-separated values with a line of column names.</summary>
public sealed class NumberTable
{
    private readonly StringBuilder _text = new();
    private readonly int _columns;

    /// <summary>A table without rows.</summary>
    public NumberTable(params IReadOnlyList<string> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns.Count;
        AddRow([.. columns]);
    }

    /// <summary>Adds a row of numbers and texts; null and not-a-number become an empty cell.</summary>
    /// <exception cref="ArgumentException">The row has another number of cells than there are columns.</exception>
    public void AddRow(params IReadOnlyList<object?> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Count != _columns)
        {
            throw new ArgumentException($"A row of {cells.Count} cells was added to a table of {_columns} columns.", nameof(cells));
        }

        _text.AppendJoin(',', cells.Select(Cell)).Append('\n');
    }

    /// <summary>The whole table, lines ending in a line feed.</summary>
    public string ToCsv() => _text.ToString();

    private static string Cell(object? value)
    {
        if (value is null or double.NaN or float.NaN)
        {
            return "";
        }

        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
