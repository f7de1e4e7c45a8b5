using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;

namespace GenSomAttn.Model.Pictures;

/// <summary>Picture of a map: an image for each unit at its grid position, with the numbers of rows and columns.</summary>
public static class MapPicture
{
    private const int Gap = 2;

    /// <summary>Draws the images.</summary>
    /// <param name="title">Written above the map.</param>
    /// <param name="images">(U, S, S, C), 0 dark to 1 bright.</param>
    /// <param name="grid">Positions of the units.</param>
    /// <param name="shape">Shape of an image.</param>
    /// <param name="isFramed">Returns whether a unit gets a frame; null for none.</param>
    public static Picture Draw(
        string title, ReadOnlySpan<float> images, MapGrid grid, ImageShape shape, Func<int, bool>? isFramed = null)
    {
        MapLayout layout = MapLayout.FitImages(grid, shape.Side, Gap);
        Picture picture = Draw(title, images, grid, shape, layout);
        layout.DrawFrames(picture, isFramed);
        return picture;
    }

    /// <summary>Draws the images in a layout, whose cells hold a whole multiple of their size.</summary>
    /// <param name="title">Written above the map.</param>
    /// <param name="images">(U, S, S, C), 0 dark to 1 bright.</param>
    /// <param name="grid">Positions of the units.</param>
    /// <param name="shape">Shape of an image.</param>
    /// <param name="layout">The layout.</param>
    public static Picture Draw(string title, ReadOnlySpan<float> images, MapGrid grid, ImageShape shape, MapLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        Picture picture = layout.NewPicture(title, roomRight: 0);
        for (int unit = 0; unit < grid.Units; unit++)
        {
            (int row, int column) = (unit / grid.Width, unit % grid.Width);
            picture.DrawImage(
                images.Slice(unit * shape.Length, shape.Length), shape, layout.X(column, row), layout.Y(row), layout.CellSize / shape.Side);
        }

        return picture;
    }
}
