using GenSomAttn.Formats;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Model.Pictures;

/// <summary>Contact sheet of a map: at the place of each unit the images that it wins, the nearest first.</summary>
public sealed class ContactSheet
{
    private const int ImagesOnASide = 3;
    private const int LargestMap = 2200;
    private const int SmallestSide = 8;
    private const int MaxScale = 2;
    private const int ImageGap = 1;
    private const int UnitGap = 4;
    private static readonly Rgb Ground = Rgb.Gray(64);
    private static readonly Rgb EmptyGround = Rgb.Gray(230);

    private readonly MapGrid _grid;
    private readonly ImageShape _shape;
    private readonly ImageShape _drawn;
    private readonly LargestItems<byte[]>[] _images;

    /// <summary>Creates an empty sheet.</summary>
    /// <param name="grid">Positions of the units.</param>
    /// <param name="shape">Shape of the images, which are reduced on a large map.</param>
    public ContactSheet(MapGrid grid, ImageShape shape)
    {
        (_grid, _shape) = (grid, shape);
        int room = LargestMap / (Math.Max(grid.Height, grid.Width) * ImagesOnASide);
        _drawn = shape with { Side = Math.Clamp(room, Math.Min(SmallestSide, shape.Side), shape.Side) };
        _images = [.. Enumerable.Range(0, grid.Units).Select(_ => new LargestItems<byte[]>(ImagesOnASide * ImagesOnASide))];
        Scale = Math.Clamp(room / shape.Side, 1, MaxScale);
    }

    private int Scale { get; }

    private int Step => (_drawn.Side * Scale) + ImageGap;

    /// <summary>Adds images; of each unit only the nearest are kept, and in the size in which they are drawn.</summary>
    public void Add(LocatedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        for (int n = 0; n < batch.Images.Count; n++)
        {
            LocatedImage image = batch.Images[n];
            ReadOnlyMemory<byte> pixels = batch.Pixels.Slice(n * _shape.Length, _shape.Length);
            _images[(image.Row * _grid.Width) + image.Column].Add(-image.Distance, () => Reduce(pixels.ToArray()));
        }
    }

    /// <summary>Draws the sheet: a unit without images is an empty square.</summary>
    public Picture Draw()
    {
        var layout = new MapLayout(_grid, (ImagesOnASide * Step) + ImageGap, UnitGap);
        Picture picture = layout.NewPicture("The images that each unit wins, nearest first", roomRight: 0);
        for (int unit = 0; unit < _images.Length; unit++)
        {
            (int x, int y) = (layout.X(unit % _grid.Width, unit / _grid.Width), layout.Y(unit / _grid.Width));
            IReadOnlyList<byte[]> images = _images[unit].InOrder();
            picture.FillRectangle(x, y, layout.CellSize, layout.CellSize, images.Count == 0 ? EmptyGround : Ground);
            for (int at = 0; at < images.Count; at++)
            {
                float[] image = Array.ConvertAll(images[at], value => value / 255f);
                int left = x + ImageGap + (at % ImagesOnASide * Step);
                int top = y + ImageGap + (at / ImagesOnASide * Step);
                picture.DrawImage(image, _drawn, left, top, Scale);
            }
        }

        return picture;
    }

    private byte[] Reduce(byte[] pixels) => _drawn == _shape
        ? pixels
        : SquareResize.ToSquare(new DecodedPicture(_shape.Side, _shape.Side, _shape.Channels, pixels), _drawn.Side);
}
