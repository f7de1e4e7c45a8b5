using static GenSomAttn.Cli.Output.TextLines;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// A table without frame: columns of plain text, also for grep and awk. In a file each row is one line. On a terminal no cell is cut:
/// a table that does not fit is split into blocks of fewer columns, each with the key columns, or into a block for each row.
/// </summary>
/// <param name="keys">Number of leading columns that name a row.</param>
/// <param name="columns">The columns.</param>
internal sealed class TextTable(int keys, params IReadOnlyList<TextTable.Column> columns)
{
    private const int Gap = 2;

    /// <summary>Minimum width of a wrapped text.</summary>
    private const int MinRoom = 24;
    private const string Indent = "  ";

    private readonly List<string[]> _rows = [];

    /// <summary>Number of rows.</summary>
    public int Rows => _rows.Count;

    /// <summary>Returns columns of texts, left-aligned.</summary>
    public static IEnumerable<Column> Texts(params IEnumerable<string> names) => names.Select(name => new Column(name, IsNumber: false));

    /// <summary>Returns columns of numbers, right-aligned.</summary>
    public static IEnumerable<Column> Numbers(params IEnumerable<string> names) => names.Select(name => new Column(name, IsNumber: true));

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentException">The number of cells is not that of the columns.</exception>
    public void Add(params IEnumerable<string> cells)
    {
        string[] row = [.. cells.Select(OnOneLine)];
        if (row.Length != columns.Count)
        {
            throw new ArgumentException($"A row has {row.Length} cells, the table {columns.Count} columns.", nameof(cells));
        }

        _rows.Add(row);
    }

    /// <summary>Prints the table to stdout, laid out for the terminal or for a file.</summary>
    public void Print()
    {
        bool isBold = Consoles.HasBoldOutput;
        foreach ((string text, bool isHeading) in Lines(Consoles.OutputWidth))
        {
            Console.Out.WriteLine(isBold && isHeading && text.Length > 0 ? $"\e[1m{text}\e[0m" : text);
        }
    }

    /// <summary>Returns the laid out lines.</summary>
    /// <param name="width">Columns of the terminal; null puts each row on one line.</param>
    public IEnumerable<(string Text, bool IsHeading)> Lines(int? width)
    {
        int[] widths = [.. columns.Select((column, c) => _rows.Select(row => row[c]).Append(column.Name).Max(Width))];
        List<int[]>? blocks = Blocks(widths, width);
        return blocks is null
            ? RowByRow(width!.Value)
            : blocks.SelectMany((block, b) => (b == 0 ? [] : new[] { ("", false) }).Concat(Grid(block, widths, width)));
    }

    /// <summary>Returns the columns of each block; null if a column does not fit beside the key columns.</summary>
    private List<int[]>? Blocks(int[] widths, int? width)
    {
        int[] all = [.. Enumerable.Range(0, columns.Count)];
        if (width is not { } room || Extent(all, widths) <= room)
        {
            return [all];
        }

        int[] key = all[..keys];
        List<int[]> blocks = [];
        int[] block = key;
        foreach (int column in all[keys..])
        {
            if (block.Length > keys && !Fits([.. block, column], column == all[^1]))
            {
                blocks.Add(block);
                block = key;
            }

            block = [.. block, column];
            if (!Fits(block, isLast: true))
            {
                return null;
            }
        }

        return [.. blocks, block];

        // Only the last column of a block can be wrapped.
        bool Fits(int[] block, bool isLast) =>
            Extent(block, widths) <= room
            || (isLast && !columns[block[^1]].IsNumber && room - Start(block, widths) >= MinRoom);
    }

    private static int Extent(int[] block, int[] widths) => block.Sum(column => widths[column] + Gap) - Gap;

    /// <summary>Returns the start of the last column.</summary>
    private static int Start(int[] block, int[] widths) => block[..^1].Sum(column => widths[column] + Gap);

    private IEnumerable<(string Text, bool IsHeading)> Grid(int[] block, int[] widths, int? width)
    {
        int start = Start(block, widths);
        int? room = width - start;
        yield return (Line(columns[block[^1]].Name, column => columns[column].Name), true);
        foreach (string[] row in _rows)
        {
            string last = row[block[^1]];
            if (LongestWord(last) > room)
            {
                yield return (Line("", column => row[column]), false);
                foreach (string line in Wrap(last, width - Indent.Length))
                {
                    yield return (Indent + line, false);
                }
            }
            else
            {
                IReadOnlyList<string> lines = Wrap(last, room);
                yield return (Line(lines[0], column => row[column]), false);
                foreach (string line in lines.Skip(1))
                {
                    yield return (new string(' ', start) + line, false);
                }
            }
        }

        string Line(string last, Func<int, string> cell) => string.Concat(
            block[..^1].Select(column => Padded(cell(column), column) + new string(' ', Gap)).Append(Padded(last, block[^1]))).TrimEnd();

        string Padded(string text, int column)
        {
            string blank = new(' ', Math.Max(0, widths[column] - Width(text)));
            return columns[column].IsNumber ? blank + text : text + blank;
        }
    }

    /// <summary>Returns a line for each cell that is not empty, with the name of its column.</summary>
    private IEnumerable<(string Text, bool IsHeading)> RowByRow(int width)
    {
        for (int r = 0; r < _rows.Count; r++)
        {
            if (r > 0)
            {
                yield return ("", false);
            }

            foreach ((Column column, string cell) in columns.Zip(_rows[r]).Where(each => each.Second.Length > 0))
            {
                string text = column.Name.Length > 0 ? $"{column.Name}: {cell}" : cell;
                IReadOnlyList<string> lines = Width(text) <= width ? [text] : Wrap(text, width - Indent.Length);
                for (int l = 0; l < lines.Count; l++)
                {
                    yield return (l == 0 ? lines[l] : Indent + lines[l], false);
                }
            }
        }
    }

    /// <summary>A column.</summary>
    /// <param name="Name">Heading; may be empty.</param>
    /// <param name="IsNumber">Whether its cells are numbers, which are right-aligned and never wrapped.</param>
    internal readonly record struct Column(string Name, bool IsNumber);
}
