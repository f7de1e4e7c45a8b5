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
    private const int Gap = 2;

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
            value => Text(value, "0.000"));
        return new Figure(NameOf(model), picture, table);
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

        return new Figure(NameOf(model), Draw(chosen.Images, received, model.InnerSide), table);
    }

    /// <summary>Draws the images, and below them the same images with the attention overlay.</summary>
    private static Picture Draw(ImageSet images, double[] received, int innerSide)
    {
        (int side, int channels) = images.Shape;
        int positionSize = side / innerSide;
        MapLayout layout = MapLayout.FitImages(new MapGrid(2, images.Count), side, Gap);
        Picture picture = layout.NewPicture("Attention that each position gets, 1 where all get the same", ScaleBar.Room);
        ScaleBar bar = ScaleBar.Of(received);
        int scale = layout.CellSize / side;
        for (int pixel = 0; pixel < images.Count * side * side; pixel++)
        {
            (int image, int row, int column) = (pixel / (side * side), pixel / side % side, pixel % side);
            Rgb own = Rgb.Of(images.Pixels.Span.Slice(pixel * channels, channels));
            double attention = received[(((image * innerSide) + (row / positionSize)) * innerSide) + (column / positionSize)];
            (int x, int y) = (layout.X(image) + (column * scale), row * scale);
            picture.FillRectangle(x, layout.Y(0) + y, scale, scale, own);
            picture.FillRectangle(x, layout.Y(1) + y, scale, scale, Rgb.Mix(own, bar.ColorOf(attention), Cover));
        }

        bar.Draw(picture, layout, value => Text(value, "0.00"));
        return picture;
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
