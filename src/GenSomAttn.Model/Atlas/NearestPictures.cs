using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;

namespace GenSomAttn.Model.Atlas;

/// <summary>Training images in the page: of each unit those nearest to its codebook vector among the images that it wins.</summary>
/// <param name="Side">Rows and columns of a picture, which is reduced if the images are larger.</param>
/// <param name="Columns">Pictures in a row of the sprite.</param>
/// <param name="Units">Unit of each picture, in ascending order; of a unit the nearest first.</param>
/// <param name="Indices">Index among the training images.</param>
/// <param name="Labels">Label of each picture; null without labels.</param>
/// <param name="Names">File of each picture; null for images without files of their own.</param>
/// <param name="Codes">v of each picture, (N, D).</param>
/// <param name="Searched">Number of training images among which those distances are.</param>
/// <param name="Distances">
/// Percentiles 0 to 100 of the distance |v - v'| of a test image to the nearest training image; null without test images.
/// </param>
/// <param name="Png">All pictures as one PNG file.</param>
internal sealed record NearestPictures(
    int Side, int Columns, int[] Units, int[] Indices, int[]? Labels, IReadOnlyList<string>? Names, NumberBlock Codes,
    int Searched, double[]? Distances, byte[] Png)
{
    /// <summary>Test images of the percentiles: more would make the search among all training images long.</summary>
    private const int MaxSearching = 1000;

    /// <summary>Limits the file: 2048 pictures of 28 x 28 pixels take about 1.2 MB.</summary>
    private const int MaxPictures = 2048, MaxOfUnit = 12, LargestSide = 32, SpriteColumns = 48;

    /// <summary>Chooses and draws the pictures.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="train">Codes and BMUs of its training images.</param>
    /// <param name="test">Codes of its test images, (N, D); empty without.</param>
    public static NearestPictures Of(SomAttnModel model, Dataset dataset, CodedImages train, float[] test)
    {
        int dimension = model.CodeLength;
        int[] chosen = Choose(model, train);
        int[] bmu = train.Bmu.ToArray();
        ImageSet images = dataset.Train.At(chosen);
        var codes = new Rows<float>(train.Codes, dimension);
        Rows<float> own = codes.Select(chosen);
        return new NearestPictures(
            Math.Min(model.Side, LargestSide), Math.Min(SpriteColumns, chosen.Length), [.. chosen.Select(n => bmu[n])], chosen,
            dataset.ClassNames.Count == 0 ? null : images.Labels, images.Names, NumberBlock.Halves(own.Values),
            bmu.Length, test.Length == 0 ? null : Percentiles(NearestRows.Of(Some(new Rows<float>(test, dimension)), codes)), Draw(images));
    }

    /// <summary>
    /// Returns the indices of the nearest images of each unit, as many of each as fit; on a map of more units than pictures, one each of
    /// those with the most hits.
    /// </summary>
    private static int[] Choose(SomAttnModel model, CodedImages train)
    {
        float[] codebook = model.Map.Codebook.ToArray();
        int dimension = model.CodeLength;
        int[] bmu = train.Bmu.ToArray();
        int ofUnit = Math.Clamp(MaxPictures / model.Map.Units, 1, MaxOfUnit);
        double Distance(int n) => NearestRows.SquaredDistance(
            train.Codes.Span.Slice(n * dimension, dimension), codebook.AsSpan(bmu[n] * dimension, dimension));
        return
        [
            .. Enumerable.Range(0, bmu.Length)
                .GroupBy(n => bmu[n])
                .OrderByDescending(images => images.Count())
                .Take(MaxPictures / ofUnit)
                .OrderBy(images => images.Key)
                .SelectMany(images => images.OrderBy(Distance).Take(ofUnit)),
        ];
    }

    /// <summary>Returns the rows, or as many as are searched with, evenly spaced.</summary>
    private static Rows<float> Some(Rows<float> test)
    {
        int count = Math.Min(test.Count, MaxSearching);
        return test.Select([.. Enumerable.Range(0, count).Select(n => (int)((long)n * test.Count / count))]);
    }

    private static double[] Percentiles(NearestRows nearest)
    {
        const int Hundred = 100, Digits = 5;
        double[] sorted = [.. nearest.SquaredDistances.Select(Math.Sqrt).Order()];
        return [.. Enumerable.Range(0, Hundred + 1).Select(p => Math.Round(sorted[(sorted.Length - 1) * p / Hundred], Digits))];
    }

    private static byte[] Draw(ImageSet images)
    {
        ImageShape shape = images.Shape with { Side = Math.Min(images.Side, LargestSide) };
        int columns = Math.Min(SpriteColumns, images.Count);
        var sprite = new Picture(columns * shape.Side, (images.Count + columns - 1) / columns * shape.Side, Rgb.Gray(0));
        for (int n = 0; n < images.Count; n++)
        {
            byte[] pixels = images.Pixels.Slice(n * images.Shape.Length, images.Shape.Length).ToArray();
            if (shape != images.Shape)
            {
                pixels = SquareResize.ToSquare(new DecodedPicture(images.Side, images.Side, shape.Channels, pixels), shape.Side);
            }

            float[] image = Array.ConvertAll(pixels, value => value / 255f);
            sprite.DrawImage(image, shape, n % columns * shape.Side, n / columns * shape.Side, size: 1);
        }

        return sprite.ToPng();
    }
}
