using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Sampling;

/// <summary>
/// Order of the units in which a map is shown. A training ends in any of the positions that turning and mirroring make of one map, 8 of a
/// square one and else 4; shown is the one whose brightness falls most from left to right, and then from top to bottom, so that the maps of
/// several seeds or epochs can be laid side by side. Hexagons have 2 positions: a half turn if the number of rows is even, else a
/// reflection of the rows. Checkpoints keep the order of the training.
/// </summary>
public static class CanonicalOrder
{
    /// <summary>Brings the units of a model into this order.</summary>
    /// <returns>(U), the unit of the training for each shown one.</returns>
    public static int[] Arrange(SomAttnModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int[] order = Of(new MapSampler(model).Prototypes(), model.Map.Grid);
        model.Map.Reorder(order);
        return order;
    }

    /// <summary>Computes the order of a map.</summary>
    /// <param name="prototypes">The decoded units, (U, S·S·C).</param>
    /// <param name="grid">Positions of the units.</param>
    /// <returns>(U), the unit of the training for each shown one.</returns>
    public static int[] Of(ReadOnlySpan<float> prototypes, MapGrid grid)
    {
        (double right, double down) = Brighter(prototypes, grid);
        bool isHexagonal = grid.Lattice == MapLattice.Hexagon;
        bool transpose = !isHexagonal && grid.Height == grid.Width && Math.Abs(down) > Math.Abs(right);
        (bool flipColumns, bool flipRows) = (right > 0, down > 0);
        if (isHexagonal)
        {
            // Odd rows are shifted right, so that columns alone cannot be mirrored, nor an even number of rows.
            bool isHalfTurn = grid.Height % 2 == 0;
            (flipColumns, flipRows) = isHalfTurn ? (right > 0, right > 0) : (false, down > 0);
        }

        int[] order = new int[grid.Units];
        for (int shown = 0; shown < order.Length; shown++)
        {
            (int row, int column) = (shown / grid.Width, shown % grid.Width);
            (row, column) = transpose ? (column, row) : (row, column);
            row = flipRows ? grid.Height - 1 - row : row;
            column = flipColumns ? grid.Width - 1 - column : column;
            order[shown] = (row * grid.Width) + column;
        }

        return order;
    }

    /// <summary>Returns the shown unit for each one of the training.</summary>
    public static int[] Inverse(IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        int[] inverse = new int[order.Count];
        for (int shown = 0; shown < inverse.Length; shown++)
        {
            inverse[order[shown]] = shown;
        }

        return inverse;
    }

    /// <summary>Computes how much brighter the units become to the right and downward: moments around the middle.</summary>
    private static (double Right, double Down) Brighter(ReadOnlySpan<float> prototypes, MapGrid grid)
    {
        int length = prototypes.Length / grid.Units;
        (double right, double down) = (0, 0);
        for (int unit = 0; unit < grid.Units; unit++)
        {
            double brightness = 0;
            foreach (float value in prototypes.Slice(unit * length, length))
            {
                brightness += value;
            }

            right += brightness * ((unit % grid.Width) - ((grid.Width - 1) / 2.0));
            down += brightness * ((unit / grid.Width) - ((grid.Height - 1) / 2.0));
        }

        return (right, down);
    }
}
