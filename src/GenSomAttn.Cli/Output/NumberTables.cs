using System.Globalization;
using Spectre.Console;

namespace GenSomAttn.Cli.Output;

/// <summary>Tables of measured numbers, right-aligned.</summary>
internal static class NumberTables
{
    /// <summary>A table whose first columns are texts and whose others are numbers.</summary>
    public static Table Create(int texts, params IReadOnlyList<string> columns)
    {
        Table table = Consoles.PlainTable(columns);
        for (int column = 0; column < columns.Count; column++)
        {
            table.Columns[column].PadRight(2).Alignment(column < texts ? Justify.Left : Justify.Right);
        }

        return table;
    }

    /// <summary>Adds a row of plain texts.</summary>
    public static void AddRow(Table table, params IEnumerable<string> cells) => table.AddRow([.. cells.Select(cell => new Text(cell))]);

    /// <summary>Milliseconds, from microseconds.</summary>
    public static string Milliseconds(double microseconds) => Number(microseconds / 1e3, "0.000");

    /// <summary>A share in percent; nothing where there is none.</summary>
    public static string Percent(double? share) => Number(share * 100, "0.0");

    /// <summary>A number; nothing where there is none.</summary>
    public static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
