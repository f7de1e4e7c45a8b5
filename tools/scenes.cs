#:project ../src/GenSomAttn.Formats/GenSomAttn.Formats.csproj
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Globalization;
using GenSomAttn.Formats;

// Writes a folder of synthetic color pictures of four kinds, each in a folder of its name: a sun over the sea, a house, a tree, a face.
// Colors, places and sizes are random; the same seed gives the same pictures.
//
//   dotnet run --file tools/scenes.cs -- FOLDER COUNT SIDE [SEED]
(string folder, int count, int side) = (args[0], Number(1), Number(2));
var random = new Random(args.Length > 3 ? Number(3) : 1);
string[] kinds = ["sea", "house", "tree", "face"];
Scene[] scenes = [.. Enumerable.Range(0, count).Select(n => new Scene(n % kinds.Length, random))];
foreach (string kind in kinds)
{
    Directory.CreateDirectory(Path.Combine(folder, kind));
}

Parallel.For(0, count, n => File.WriteAllBytes(
    Path.Combine(folder, kinds[n % kinds.Length], string.Create(CultureInfo.InvariantCulture, $"{n:00000}.png")),
    PictureFile.Encode(scenes[n].Draw(side), side, side)));
Console.WriteLine($"{count} pictures of {side} x {side} in {folder}");

int Number(int at) => int.Parse(args[at], CultureInfo.InvariantCulture);

/// <summary>A picture: a color for each point of the unit square, x to the right and y down.</summary>
internal sealed class Scene(int kind, Random random)
{
    private const int Samples = 3;

    private readonly Color _back = Color.Of(random, 0.55, 0.95);
    private readonly Color _ground = Color.Of(random, 0.1, 0.5);
    private readonly Color _thing = Color.Of(random, 0.2, 1);
    private readonly Color _other = Color.Of(random, 0, 0.7);
    private readonly double _horizon = Between(random, 0.55, 0.75);
    private readonly double _x = Between(random, 0.35, 0.65);
    private readonly double _y = Between(random, 0.3, 0.45);
    private readonly double _size = Between(random, 0.12, 0.22);

    /// <summary>Draws the picture, (side, side, 3), each pixel the mean of nine points.</summary>
    public byte[] Draw(int side)
    {
        byte[] rgb = new byte[side * side * 3];
        for (int i = 0; i < side * side; i++)
        {
            Color sum = default;
            for (int sample = 0; sample < Samples * Samples; sample++)
            {
                double x = ((i % side) + (((sample % Samples) + 0.5) / Samples)) / side;
                double y = ((i / side) + (((sample / Samples) + 0.5) / Samples)) / side;
                sum += At(x, y);
            }

            const double Scale = 255.0 / (Samples * Samples);
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) =
                ((byte)((sum.R * Scale) + 0.5), (byte)((sum.G * Scale) + 0.5), (byte)((sum.B * Scale) + 0.5));
        }

        return rgb;
    }

    private Color At(double x, double y)
    {
        Color back = y < _horizon ? _back * (0.75 + (0.35 * y)) : _ground * (1.2 - (0.4 * y));
        (double dx, double dy) = (x - _x, y - _y);
        return kind switch
        {
            0 => y < _horizon && (dx * dx) + (dy * dy) < _size * _size * 0.6 ? _thing : back,
            1 => House(dx, y - _horizon) ?? back,
            2 => (dx * dx) + (dy * dy) < _size * _size * 1.6 ? _thing
                : Math.Abs(dx) < _size * 0.2 && y > _y && y < _horizon + 0.08 ? _other : back,
            _ => Face(dx, y - 0.5) ?? _back,
        };
    }

    private Color? House(double dx, double below)
    {
        bool isWall = Math.Abs(dx) < _size && below > -_size && below < 0.06;
        bool isRoof = below <= -_size && below > -2 * _size && Math.Abs(dx) < 1.3 * (below + (2 * _size));
        bool isDoor = Math.Abs(dx) < _size * 0.25 && below > -_size * 0.55;
        return isRoof || (isWall && isDoor) ? _other : isWall ? _thing : null;
    }

    private Color? Face(double dx, double dy)
    {
        double radius = 0.18 + _size;
        bool isEye = Math.Abs(Math.Abs(dx) - (0.4 * radius)) < 0.1 * radius && Math.Abs(dy + (0.15 * radius)) < 0.08 * radius;
        bool isMouth = Math.Abs(dx) < 0.4 * radius && Math.Abs(dy - (0.5 * radius)) < 0.07 * radius;
        double distance = (dx * dx) + (dy * dy * 0.7);
        return distance > radius * radius ? null : isEye || isMouth || dy < -0.6 * radius ? _other : _thing;
    }

    private static double Between(Random random, double least, double most) => least + ((most - least) * random.NextDouble());
}

/// <summary>A color, each part from 0 to 1 or a sum of such.</summary>
internal readonly record struct Color(double R, double G, double B)
{
    public static Color operator +(Color left, Color right) => new(left.R + right.R, left.G + right.G, left.B + right.B);

    public static Color operator *(Color color, double factor) =>
        new(Math.Min(1, color.R * factor), Math.Min(1, color.G * factor), Math.Min(1, color.B * factor));

    public static Color Of(Random random, double least, double most)
    {
        double Part() => least + ((most - least) * random.NextDouble());
        return new Color(Part(), Part(), Part());
    }
}
