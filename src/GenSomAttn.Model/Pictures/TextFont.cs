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
    /// <summary>Largest scale of <see cref="Visit"/>.</summary>
    internal const int MaxScale = 2;

    private const int Box = 0x25A1;

    // Height of DejaVu's capitals in ems.
    private const double Capital = 0.729;

    private readonly Lazy<Glyphs>[] _glyphs;
    private readonly Dictionary<int, (int Index, double Advance)> _letters = [];

    private TextFont(int size, int column)
    {
        CapitalHeight = HeightOfCapital(size);
        _glyphs = [.. Enumerable.Range(1, MaxScale).Select(scale => new Lazy<Glyphs>(() => new Glyphs(size, scale)))];
        string[] lines = Encoding.ASCII.GetString(Resource("letters.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int index = 0; index < lines.Length; index++)
        {
            string[] parts = lines[index].Split(' ');
            int letter = int.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _letters.Add(letter, (index, double.Parse(parts[column], CultureInfo.InvariantCulture)));
        }
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
    /// <param name="scale">1, or 2 for letters of twice the size.</param>
    /// <param name="visit">Receives x, y and the covered share of the pixel, above 0 and at most 1.</param>
    internal void Visit(string text, int scale, Action<int, int, double> visit)
    {
        Glyphs glyphs = _glyphs[scale - 1].Value;
        double x = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            (int index, double advance) = Letter(rune);
            glyphs.Visit(index, (int)Math.Round(x * scale), visit);
            x += advance;
        }
    }

    private static int HeightOfCapital(int size) => (int)Math.Round(Capital * size);

    private (int Index, double Advance) Letter(Rune rune) => _letters.TryGetValue(rune.Value, out var letter) ? letter : _letters[Box];

    private static byte[] Resource(string name)
    {
        using Stream stream = typeof(TextFont).Assembly.GetManifestResourceStream($"font/{name}")!;
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The drawn letters at a scale.</summary>
    private sealed class Glyphs
    {
        private const int ColumnsOfCells = 32, OriginAtScaleOne = 2;

        private readonly int _top;
        private readonly int _origin;
        private readonly int _cell;
        private readonly int _columns;
        private readonly byte[] _coverage;

        public Glyphs(int size, int scale)
        {
            int pixels = size * scale;
            _origin = OriginAtScaleOne * scale;
            _top = (HeightOfCapital(size) * scale) - pixels;
            _cell = ((3 * pixels) + 1) / 2;
            DecodedPicture cells = PictureFile.Decode(Resource($"letters-{pixels}.png"));
            (_columns, _coverage) = (cells.Width, cells.Pixels);
        }

        /// <summary>Visits the pixels of a letter whose origin is at x.</summary>
        public void Visit(int index, int x, Action<int, int, double> visit)
        {
            int from = (index / ColumnsOfCells * _cell * _columns) + (index % ColumnsOfCells * _cell);
            for (int pixel = 0; pixel < _cell * _cell; pixel++)
            {
                (int row, int column) = (pixel / _cell, pixel % _cell);
                byte coverage = _coverage[from + (row * _columns) + column];
                if (coverage > 0)
                {
                    visit(x + column - _origin, row + _top, coverage / 255.0);
                }
            }
        }
    }
}
