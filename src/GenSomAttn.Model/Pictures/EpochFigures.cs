using System.Globalization;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Model.Pictures;

/// <summary>Figures of the map after an epoch, as a run keeps it.</summary>
public static class EpochFigures
{
    /// <summary>Draws prototypes and U-matrix.</summary>
    /// <param name="map">The map.</param>
    /// <param name="grid">Positions of the units.</param>
    public static IReadOnlyList<Figure> Draw(EpochMap map, MapGrid grid)
    {
        ArgumentNullException.ThrowIfNull(map);
        string suffix = string.Create(CultureInfo.InvariantCulture, $"-epoch-{map.Epoch}");
        var table = new NumberTable(["row", "column", .. Enumerable.Range(0, map.Codebook.Length / grid.Units).Select(d => $"w{d}")]);
        for (int unit = 0; unit < grid.Units; unit++)
        {
            int length = map.Codebook.Length / grid.Units;
            object?[] vector = [.. map.Codebook.AsSpan(unit * length, length).ToArray()];
            table.AddRow([unit / grid.Width, unit % grid.Width, .. vector]);
        }

        Figure matrix = UMatrixFigure.Draw(new UMatrix(map.Codebook, grid));
        return
        [
            new Figure(
                $"prototypes{suffix}", MapPicture.Draw($"What each unit stood for after epoch {map.Epoch}", map.Pixels(), grid, map.Shape),
                table, "The images are those that the decoder of this epoch made of the codebook."),
            matrix with { Name = $"umatrix{suffix}" },
        ];
    }
}
