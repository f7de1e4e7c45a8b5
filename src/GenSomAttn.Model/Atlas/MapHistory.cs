using GenSomAttn.Formats;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Pictures;

namespace GenSomAttn.Model.Atlas;

/// <summary>The maps of some epochs, evenly spaced, in the page.</summary>
/// <param name="Side">Rows and columns of a unit's image in a frame.</param>
/// <param name="Frames">The maps, in the order of their epochs.</param>
/// <param name="Followed">The followed images side by side as one PNG file.</param>
/// <param name="FollowedSide">Rows and columns of a followed image.</param>
internal sealed record MapHistory(int Side, IReadOnlyList<HistoryFrame> Frames, byte[] Followed, int FollowedSide)
{
    /// <summary>Limits the file: a frame of 12x12 units of 28 x 28 pixels takes about 18 KB.</summary>
    private const int MaxFrames = 16, MaxSide = 4096;

    /// <summary>Packs the maps; returns null of none, or if they are too large for a picture in a browser.</summary>
    /// <param name="maps">The maps of all epochs.</param>
    /// <param name="grid">Positions of the units.</param>
    /// <param name="followed">The images that were followed.</param>
    public static MapHistory? Of(IReadOnlyList<EpochMap> maps, MapGrid grid, ImageSet followed)
    {
        if (maps.Count < 2 || Math.Max(grid.Height, grid.Width) * maps[0].Shape.Side > MaxSide)
        {
            return null;
        }

        int count = Math.Min(maps.Count, MaxFrames);
        ImageSet shown = followed.First(Math.Min(followed.Count, EpochMap.MaxFollowed));
        Picture strip = ImageGrid.Draw(shown.ToFloats(), shown.Shape, shown.Count, scale: 1, gap: 0);
        return new MapHistory(
            maps[0].Shape.Side,
            [
                .. Enumerable.Range(0, count)
                    .Select(at => maps[at * (maps.Count - 1) / Math.Max(1, count - 1)])
                    .Select(map => new HistoryFrame(map.Epoch, Math.Round(map.Sigma, 3), map.Followed, Draw(map, grid))),
            ],
            strip.ToPng(), shown.Side);
    }

    private static byte[] Draw(EpochMap map, MapGrid grid)
    {
        Picture picture = ImageGrid.Draw(map.Pixels(), map.Shape, grid.Width, scale: 1, gap: 0);
        return PictureFile.EncodeWebp(picture.Rgb, picture.Width, picture.Height);
    }
}

/// <summary>The map after an epoch.</summary>
/// <param name="Epoch">Completed epochs.</param>
/// <param name="Sigma">Neighborhood width, in grid cells.</param>
/// <param name="Units">BMUs of the followed images.</param>
/// <param name="Webp">The decoded units.</param>
internal sealed record HistoryFrame(int Epoch, double Sigma, int[] Units, byte[] Webp);
