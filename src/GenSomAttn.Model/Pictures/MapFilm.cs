using System.Globalization;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Model.Pictures;

/// <summary>Pictures of a map while it is trained: the decoded units, with σ, the neighborhood width, as a circle.</summary>
/// <param name="grid">Positions of the units.</param>
/// <param name="epochs">Epochs of the whole training.</param>
public sealed class MapFilm(MapGrid grid, int epochs)
{
    private const int LargestFrame = 420;
    private const int Gap = 1;
    private static readonly Rgb Circle = Rgb.Hex(0xFFD166);

    /// <summary>Draws the map after an epoch.</summary>
    public Picture Draw(EpochMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        int scale = Math.Max(1, LargestFrame / (Math.Max(grid.Height, grid.Width) * map.Shape.Side));
        var layout = new MapLayout(grid, scale * map.Shape.Side, Gap);
        string title = string.Create(CultureInfo.InvariantCulture, $"Epoch {map.Epoch} of {epochs}, σ {map.Sigma:0.00}");
        Picture picture = MapPicture.Draw(title, map.Pixels(), grid, map.Shape, layout);
        double cell = layout.CellSize + Gap;
        picture.DrawCircle(
            MapLayout.Left + (layout.Width / 2.0), MapLayout.Top + (layout.Height / 2.0), map.Sigma * cell, Circle);
        return picture;
    }

    /// <summary>Encodes frames as an animated GIF file that begins again at its end, where it rests.</summary>
    public static byte[] ToGif(IReadOnlyList<Picture> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        const int Hundredths = 25, Rest = 150;
        return Formats.PictureFile.EncodeGif(
            [.. frames.Select(frame => frame.Rgb.ToArray())], frames[0].Width, frames[0].Height,
            [.. frames.Select((_, at) => at == frames.Count - 1 ? Rest : Hundredths)]);
    }
}
