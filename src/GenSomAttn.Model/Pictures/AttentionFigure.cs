using System.Globalization;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Pictures;

/// <summary>
/// Figure of a model's attention: over positions of the feature map as an overlay on images, one per class or the first where there are
/// no labels; over tokens of the latent vector as a heat map of queries and tokens.
/// </summary>
public static class AttentionFigure
{
    private const int MaxImages = 10;
    private const int WantedSize = 112;
    private const int MaxScale = 4;

    /// <summary>Opacity of the attention overlay.</summary>
    private const double Cover = 0.6;

    /// <summary>Draws the figure; returns null for a model without attention.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="dataset">The images, see <see cref="Dataset.Shown"/>, and the names of the classes.</param>
    public static Figure? Draw(SomAttnModel model, Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        ImageSet images = dataset.Of(dataset.Shown);
        return model.Settings.Attention switch
        {
            AttentionKind.None => null,
            AttentionKind.Latent => OverTokens(model, images.First(model.MaxBatch)),
            _ => OverPositions(model, new ChosenImages(images, dataset.ClassNames, perClass: 1, Math.Min(MaxImages, model.MaxBatch))),
        };
    }

    private static Figure OverTokens(SomAttnModel model, ImageSet images)
    {
        (float[] probs, AttentionShape shape, int queries) = Attend(model, images);
        double[] means = ReceivedAttention.OfQueries(probs, shape, queries);
        var table = new NumberTable("query", "token", "probability");
        for (int i = 0; i < means.Length; i++)
        {
            table.AddRow(i / shape.Tokens, i % shape.Tokens, means[i]);
        }

        Picture picture = HeatMap.Draw(
            "What each part of the code (row) takes of each part (column)", means, new MapGrid(queries, shape.Tokens),
            value => Text(value, "0.000"), "probability");
        return new Figure(
            NameOf(model), picture, table, "Each row adds up to 1: bright squares are the parts of the code that this part reads most.");
    }

    private static Figure OverPositions(SomAttnModel model, ChosenImages chosen)
    {
        (float[] probs, AttentionShape shape, int queries) = Attend(model, chosen.Images);
        int positions = model.InnerSide * model.InnerSide;
        double[] received = ReceivedAttention.OfLastTokens(probs, shape, queries, positions);

        var table = new NumberTable([.. chosen.Columns, "row", "column", "attention"]);
        for (int i = 0; i < received.Length; i++)
        {
            (int image, int position) = (i / positions, i % positions);
            (int row, int column) = (position / model.InnerSide, position % model.InnerSide);
            table.AddRow([.. chosen.Cells(image), row, column, received[i]]);
        }

        return new Figure(
            NameOf(model), Draw(chosen, received, model.InnerSide), table,
            "Yellow places are those that the encoder reads most; 1 is the mean over the image.");
    }

    /// <summary>Draws the images, and below them the same images with the attention overlay.</summary>
    private static Picture Draw(ChosenImages chosen, double[] received, int innerSide)
    {
        ImageSet images = chosen.Images;
        (int side, int channels) = images.Shape;
        int positionSize = side / innerSide;
        ScaleBar bar = ScaleBar.Of(received);
        var shape = new ImageShape(side, ImageShape.Color);
        float[] own = new float[images.Count * shape.Length];
        float[] mixed = new float[own.Length];
        for (int pixel = 0; pixel < images.Count * side * side; pixel++)
        {
            (int image, int row, int column) = (pixel / (side * side), pixel / side % side, pixel % side);
            Rgb color = Rgb.Of(images.Pixels.Span.Slice(pixel * channels, channels));
            double attention = received[(((image * innerSide) + (row / positionSize)) * innerSide) + (column / positionSize)];
            Put(own, pixel, color);
            Put(mixed, pixel, Rgb.Mix(color, bar.ColorOf(attention), Cover));
        }

        int scale = Math.Clamp(WantedSize / side, 1, MaxScale);
        return ImageRows.Draw(
            "Attention that each position gets, 1 where all get the same", [new("image", own), new("attention", mixed)], shape, scale,
            chosen.Titles, (bar, value => Text(value, "0.00"), "attention"));
    }

    private static void Put(float[] image, int pixel, Rgb color)
    {
        const float Highest = 255;
        Span<float> channels = image.AsSpan(pixel * ImageShape.Color, ImageShape.Color);
        (channels[0], channels[1], channels[2]) = (color.Red / Highest, color.Green / Highest, color.Blue / Highest);
    }

    private static (float[] Probs, AttentionShape Shape, int Queries) Attend(SomAttnModel model, ImageSet images)
    {
        using var onDevice = new DeviceImages(model.Backend, images, model.MaxBatch);
        model.Encode(onDevice.Range(0, images.Count), images.Count);
        AttentionProbs probs = model.AttentionProbs!.Value.First(images.Count);
        return (probs.Values.ToArray(), probs.Shape, probs.Queries);
    }

    private static string NameOf(SomAttnModel model) => $"attention-{model.Settings.Attention.ToString().ToLowerInvariant()}";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
