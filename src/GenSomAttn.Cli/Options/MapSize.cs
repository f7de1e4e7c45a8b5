using System.Globalization;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Options;

/// <summary>Rows and columns of a map, written 12x12.</summary>
internal readonly record struct MapSize(int Height, int Width)
{
    /// <summary>Parses "12x12"; returns false for anything else and for a size of zero.</summary>
    public static bool TryParse(string text, out MapSize size)
    {
        size = default;
        bool isPair = NumberPair.TryParse(text, 'x', out int height, out int width);
        if (!isPair || height < 1 || width < 1)
        {
            return false;
        }

        size = new MapSize(height, width);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");
}

/// <summary>A unit by its row and column, both counted from 0, written 3,11.</summary>
internal readonly record struct UnitPosition(int Row, int Column)
{
    /// <summary>Parses "3,11"; returns false for anything else.</summary>
    public static bool TryParse(string text, out UnitPosition position)
    {
        bool isPair = NumberPair.TryParse(text, ',', out int row, out int column);
        position = new UnitPosition(row, column);
        return isPair;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Row},{Column}");

    /// <summary>Returns the unit's index.</summary>
    /// <exception cref="UsageException">The position is not on the map.</exception>
    public int UnitOn(TrainingSettings map, string option)
        => Row < map.MapHeight && Column < map.MapWidth
            ? (Row * map.MapWidth) + Column
            : throw new UsageException(
                $"{option} {this} is not on the map: rows are 0 to {map.MapHeight - 1}, columns 0 to {map.MapWidth - 1}.");
}

/// <summary>Two whole numbers with a letter between them.</summary>
internal static class NumberPair
{
    /// <summary>Parses digits, the separator, digits.</summary>
    public static bool TryParse(string text, char separator, out int first, out int second)
    {
        first = 0;
        second = 0;
        int at = text.IndexOf(separator, StringComparison.Ordinal);
        return at >= 0
            && int.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out first)
            && int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out second);
    }
}
