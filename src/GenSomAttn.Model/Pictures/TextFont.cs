using System.Globalization;
using System.Text;
using GenSomAttn.Formats;

namespace GenSomAttn.Model.Pictures;

/// <summary>
/// Anti-aliased letters of the text in pictures, drawn from DejaVu Sans by tools/glyphs.sh: Latin, Greek and Cyrillic; any other letter is
/// a box. No letter is lower than 9 pixels if it is a capital or a digit.
/// </summary>
public sealed class TextFont
{
    private const int ColumnsOfCells = 32, Origin = 2;
    private const int Box = 0x25A1;

    // Height of DejaVu's capitals in ems.
    private const double Capital = 0.729;

    private readonly int _size;
    private readonly int _cell;
    private readonly int _columns;
    private readonly byte[] _coverage;
    private readonly Dictionary<int, (int Index, double Advance)> _letters = [];

    private TextFont(int size, int column)
    {
        _size = size;
        _cell = ((3 * size) + 1) / 2;
        CapitalHeight = (int)Math.Round(Capital * size);
        string[] lines = Encoding.ASCII.GetString(Resource("letters.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int index = 0; index < lines.Length; index++)
        {
            string[] parts = lines[index].Split(' ');
            int letter = int.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _letters.Add(letter, (index, double.Parse(parts[column], CultureInfo.InvariantCulture)));
        }

        DecodedPicture cells = PictureFile.Decode(Resource($"letters-{size}.png"));
        _columns = cells.Width;
        _coverage = cells.Pixels;
    }

    /// <summary>Letters of axes and cells, 13 pixels.</summary>
    public static TextFont Small { get; } = new(13, 1);

    /// <summary>Letters of titles and legends, 19 pixels.</summary>
    public static TextFont Large { get; } = new(19, 2);

    /// <summary>Pixels from the baseline to the top of a capital.</summary>
    public int CapitalHeight { get; }

    /// <summary>Computes the width of a line of text in pixels.</summary>
    public int Measure(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return (int)Math.Ceiling(text.EnumerateRunes().Sum(rune => Letter(rune).Advance));
    }

    /// <summary>Returns the text, or its start with an ellipsis, no wider than a number of pixels.</summary>
    public string Fit(string text, int width)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Measure(text) <= width)
        {
            return text;
        }

        const char Ellipsis = '…';
        double left = width - Letter(new Rune(Ellipsis)).Advance;
        StringBuilder start = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            left -= Letter(rune).Advance;
            if (left < 0)
            {
                break;
            }

            start.Append(rune.ToString());
        }

        return start.Append(Ellipsis).ToString();
    }

    /// <summary>Visits the pixels of a line of text whose first capital has its upper left corner at (0, 0).</summary>
    /// <param name="text">The text.</param>
    /// <param name="visit">Receives x, y and the covered share of the pixel, above 0 and at most 1.</param>
    internal void Visit(string text, Action<int, int, double> visit)
    {
        double x = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            (int index, double advance) = Letter(rune);
            int from = (index / ColumnsOfCells * _cell * _columns) + (index % ColumnsOfCells * _cell);
            for (int pixel = 0; pixel < _cell * _cell; pixel++)
            {
                (int row, int column) = (pixel / _cell, pixel % _cell);
                byte coverage = _coverage[from + (row * _columns) + column];
                if (coverage > 0)
                {
                    visit((int)Math.Round(x) + column - Origin, row - _size + CapitalHeight, coverage / 255.0);
                }
            }

            x += advance;
        }
    }

    private (int Index, double Advance) Letter(Rune rune) => _letters.TryGetValue(rune.Value, out var letter) ? letter : _letters[Box];

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(TextFont).Assembly.GetManifestResourceStream($"font/{name}")!;
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
