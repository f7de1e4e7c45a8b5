using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Pictures;

/// <summary>The images that fit a map least, those with the largest distance to their BMU's codebook vector.</summary>
/// <param name="model">The trained model.</param>
/// <param name="count">Maximum number of images.</param>
public sealed class StrangestImages(SomAttnModel model, int count)
{
    private const int ImagesInARow = 10;
    private const int WantedSize = 56;
    private const int MaxScale = 4;
    private readonly LargestItems<(LocatedImage Image, byte[] Pixels)> _items = new(count);

    /// <summary>The images, the largest distance first.</summary>
    public IReadOnlyList<LocatedImage> Images => [.. _items.InOrder().Select(item => item.Image)];

    /// <summary>Adds images; those that do not fit the map least are not kept.</summary>
    public void Add(LocatedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        int length = model.Shape.Length;
        for (int n = 0; n < batch.Images.Count; n++)
        {
            (LocatedImage image, ReadOnlyMemory<byte> pixels) = (batch.Images[n], batch.Pixels.Slice(n * length, length));
            _items.Add(image.Distance, () => (image, pixels.ToArray()));
        }
    }

    /// <summary>Draws the images with D(v), their decoded codes, and D(w), the decoded codebook vectors of their BMUs.</summary>
    public Picture Draw()
    {
        byte[][] chosen = [.. _items.InOrder().Select(item => item.Pixels)];
        int columns = Math.Min(chosen.Length, ImagesInARow);
        List<ImageRow> rows = [];
        foreach (byte[][] some in chosen.Chunk(Math.Min(columns, model.MaxBatch)))
        {
            var set = new ImageSet((byte[])[.. some.SelectMany(pixels => pixels)], new int[some.Length], model.Shape);
            using var images = new DeviceImages(model.Backend, set, some.Length);
            Reconstruction made = model.Reconstruct(images.Range(0, some.Length), some.Length);
            rows.Add(new ImageRow("image", Fill(images.Range(0, some.Length).ToArray(), columns)));
            rows.Add(new ImageRow("D(v)", Fill(made.Images.ToArray(), columns)));
            rows.Add(new ImageRow("D(w)", Fill(made.QuantizedImages.ToArray(), columns)));
        }

        const string Title = "The images that fit the map least";
        return ImageRows.Draw(Title, rows, model.Shape, Math.Clamp(WantedSize / model.Side, 1, MaxScale));
    }

    /// <summary>Returns a row of images with white ones at its end.</summary>
    private float[] Fill(float[] images, int columns)
    {
        float[] row = new float[columns * model.Shape.Length];
        images.CopyTo(row, 0);
        row.AsSpan(images.Length).Fill(1);
        return row;
    }
}
