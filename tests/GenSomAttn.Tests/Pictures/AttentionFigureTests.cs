using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Pictures;

/// <summary>Pictures of attention, of untrained models.</summary>
public sealed class AttentionFigureTests
{
    private const int Classes = 4;
    private const int Positions = 4;
    /// <summary>Images of 8 x 8 pixels are enlarged four times.</summary>
    private const int Size = 32;

    private static readonly Dataset Data = TinyData.Load(20, 20, 8);

    [TestCase(AttentionKind.Spatial)]
    [TestCase(AttentionKind.Pool)]
    public void Draw_OverPositions_ColorsAnImageOfEachClassByTheNumbersOfTheTable(AttentionKind kind)
    {
        Figure figure = Draw(kind)!;

        string[] lines = figure.Numbers.ToCsv().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        double[] attention = [.. lines.Skip(1).Select(LastCell)];
        Assert.That(figure.Name, Is.EqualTo($"attention-{kind}".ToLowerInvariant()));
        Assert.That(attention, Has.Length.EqualTo(Classes * Positions));
        for (int image = 0; image < Classes; image++)
        {
            Assert.That(attention.AsSpan(image * Positions, Positions).ToArray().Average(), Is.EqualTo(1).Within(1e-6));
        }

        // The first pixel of each position: the color scale at an opacity of 0.6 over the gray of the image above.
        ScaleBar bar = ScaleBar.Of(attention);
        for (int i = 0; i < attention.Length; i++)
        {
            (int x, int y) = (X(i / Positions) + (i % 2 * Size / 2), i / 2 % 2 * Size / 2);
            Rgb gray = figure.Picture[x, Y(0) + y];
            Assert.That(figure.Picture[x, Y(1) + y], Is.EqualTo(Rgb.Mix(gray, bar.ColorOf(attention[i]), 0.6)), lines[i + 1]);
        }
    }

    [Test]
    public void Draw_OverPositionsOfColorImages_ShowsTheirColors()
    {
        Dataset data = TinyData.LoadColor(8, 4, 8);
        using Backend<float> backend = AllBackends.Create("cpu");
        TrainingSettings settings = new() { Attention = AttentionKind.Spatial, Latent = 8, BatchSize = 8 };
        using SomAttnModel model = new(backend, settings, data.Test.Shape);
        model.Initialize();

        Picture picture = AttentionFigure.Draw(model, data)!.Picture;

        int[] firstOfClasses = [.. data.Test.Labels.Distinct().Order().Select(label => Array.IndexOf(data.Test.Labels, label))];
        for (int i = 0; i < firstOfClasses.Length; i++)
        {
            byte[] pixels = data.Test.At([firstOfClasses[i]]).Pixels.ToArray();
            Assert.That(picture[X(i), Y(0)], Is.EqualTo(new Rgb(pixels[0], pixels[1], pixels[2])));
            const int Last = Size - 1;
            Assert.That(picture[X(i) + Last, Y(0) + Last], Is.EqualTo(new Rgb(pixels[^3], pixels[^2], pixels[^1])));
        }
    }

    [Test]
    public void Draw_OverTheCode_HasARowOfProbabilitiesForEachPart()
    {
        Figure figure = Draw(AttentionKind.Latent)!;

        double[] probabilities = [.. figure.Numbers.ToCsv().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(LastCell)];
        Assert.That(probabilities, Has.Length.EqualTo(64));
        Assert.That(probabilities.Chunk(8).Select(row => row.Sum()), Is.All.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void Draw_WithoutAttention_IsNothing() => Assert.That(Draw(AttentionKind.None), Is.Null);

    /// <summary>Left edge of an image: behind margins and the longest label, images of <see cref="Size"/> and gaps of 3 pixels.</summary>
    private static int X(int image) => (2 * MapLayout.Margin) + TextFont.Large.Measure("attention") + (image * (Size + 3));

    /// <summary>Upper edge of a row: below margin, title and the names of the classes.</summary>
    private static int Y(int row) => MapLayout.Margin + 32 + 20 + (row * (Size + 3));

    private static Figure? Draw(AttentionKind kind)
    {
        using Backend<float> backend = AllBackends.Create("cpu");
        using SomAttnModel model = new(backend, new TrainingSettings { Attention = kind, Latent = 8, BatchSize = 8 }, new(8, 1));
        model.Initialize();
        return AttentionFigure.Draw(model, Data);
    }

    private static double LastCell(string line) => double.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture);
}
