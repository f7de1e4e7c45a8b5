using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;

namespace GenSomAttn.Model.Evaluation;

/// <summary>
/// The map after an epoch. The networks change with it, so that its images are kept with the codebook: a later decoder would show others.
/// </summary>
/// <param name="Epoch">Completed epochs.</param>
/// <param name="Sigma">Neighborhood width σ at its end, in grid cells.</param>
/// <param name="Codebook">w of all units, (U, D).</param>
/// <param name="Shape">Shape of an image.</param>
/// <param name="Images">The decoded units, (U, S, S, C), reduced on a map of very many pixels.</param>
/// <param name="Followed">BMUs of the followed images.</param>
public sealed record EpochMap(int Epoch, double Sigma, float[] Codebook, ImageShape Shape, byte[] Images, int[] Followed)
{
    /// <summary>Number of images whose way over the map is kept.</summary>
    public const int MaxFollowed = 10;

    /// <summary>Limits a file to about a megabyte: images of a map of 100x100 units have 10 x 10 pixels.</summary>
    private const int MaxPixels = 1 << 20;

    /// <summary>Records the map of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="epoch">Completed epochs.</param>
    /// <param name="sigma">Neighborhood width σ.</param>
    /// <param name="followed">Images to follow; the first ten of them are.</param>
    public static EpochMap Of(SomAttnModel model, int epoch, double sigma, ImageSet followed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(followed);
        int side = Math.Clamp((int)Math.Sqrt(MaxPixels / model.Map.Units), 1, model.Side);
        ImageSet first = followed.First(Math.Min(followed.Count, MaxFollowed));
        return new EpochMap(
            epoch, sigma, model.Map.Codebook.ToArray(), model.Shape with { Side = side }, Reduce(model, side),
            CodedImages.Of(model, first).Bmu.ToArray());
    }

    /// <summary>Returns the images as numbers from 0 to 1.</summary>
    public float[] Pixels() => Array.ConvertAll(Images, value => value / 255f);

    /// <summary>Returns the map in another order.</summary>
    /// <param name="order">(U), the unit of this map for each one of the result.</param>
    public EpochMap InOrder(IReadOnlyList<int> order)
    {
        ArgumentNullException.ThrowIfNull(order);
        int[] inverse = CanonicalOrder.Inverse(order);
        return this with
        {
            Codebook = Rows(Codebook),
            Images = Rows(Images),
            Followed = [.. Followed.Select(unit => inverse[unit])],
        };

        T[] Rows<T>(T[] values)
        {
            int length = values.Length / order.Count;
            return [.. order.SelectMany(unit => values.AsSpan(unit * length, length).ToArray())];
        }
    }

    private static byte[] Reduce(SomAttnModel model, int side)
    {
        byte[] images = Array.ConvertAll(
            new MapSampler(model).Prototypes(), value => (byte)Math.Round(Math.Clamp(value, 0, 1) * byte.MaxValue));
        return side == model.Side
            ? images
            : [.. images.Chunk(model.Shape.Length).SelectMany(
                image => SquareResize.ToSquare(new DecodedPicture(model.Side, model.Side, model.Shape.Channels, image), side))];
    }
}
