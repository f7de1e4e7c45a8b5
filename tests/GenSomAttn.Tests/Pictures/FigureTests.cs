using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Pictures;

/// <summary>Grids, heat maps, the U-matrix and the label map, pixel by pixel where it matters.</summary>
public sealed class FigureTests
{
    [Test]
    public void ImageGrid_FiveImagesInThreeColumns_LeavesTheLastPlaceEmpty()
    {
        float[] images = [.. Enumerable.Range(0, 5).SelectMany(n => Enumerable.Repeat((n + 1) / 5f, 4))];
        Picture picture = ImageGrid.Draw(images, new(2, 1), columns: 3, scale: 2, gap: 1);

        Assert.That((picture.Width, picture.Height), Is.EqualTo((16, 11)));
        for (int n = 0; n < 5; n++)
        {
            Rgb corner = picture[1 + (n % 3 * 5), 1 + (n / 3 * 5)];
            Assert.That(corner, Is.EqualTo(Rgb.Gray((byte)(51 * (n + 1)))), $"image {n}");
        }

        Rgb ground = picture[0, 0];
        Assert.That(picture[11, 6], Is.EqualTo(ground), "the sixth place");
        Assert.That(picture[5, 1], Is.EqualTo(ground), "the gap");
    }

    [Test]
    public void ImageGrid_WithATitle_HasItsImagesBelowIt()
    {
        Picture picture = ImageGrid.Draw("title", new float[4], new(2, 1), columns: 1, scale: 2, gap: 1);

        Assert.That(picture.Width, Is.EqualTo(TextFont.Large.Measure("title") + (2 * MapLayout.Margin)), "the title fits");
        (int x, int y) = (MapLayout.Margin, picture.Height - MapLayout.Margin - 6);
        Assert.That((picture[x, y], picture[x + 1, y + 1], picture[x, y - 1]), Is.EqualTo((Rgb.Gray(64), Rgb.Gray(0), Rgb.White)));
    }

    [Test]
    public void ImageGrid_LengthThatIsNoWholeNumberOfImages_Throws() =>
        Assert.That(() => ImageGrid.Draw(new float[7], new(2, 1), 1, 1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void HeatMap_ZeroAndHighest_TakeTheEndsOfTheScaleAndNaNIsGray()
    {
        Picture picture = HeatMap.Draw("t", [0, double.NaN, 6, 3], new MapGrid(2, 2), value => $"{value}", "images");
        MapLayout layout = MapLayout.Fit(new MapGrid(2, 2), 60, 2);

        Assert.That(picture[layout.X(0), layout.Y(0)], Is.EqualTo(Palette.Viridis(0)));
        Assert.That(picture[layout.X(0), layout.Y(1)], Is.EqualTo(Palette.Viridis(1)));
        Assert.That(picture[layout.X(1), layout.Y(1)], Is.EqualTo(Palette.Viridis(0.5)));
        Assert.That(picture[layout.X(1), layout.Y(0)], Is.EqualTo(Rgb.Gray(225)));
    }

    [Test]
    public void HeatMap_AllValuesEqualOrMissing_StillDraws()
    {
        Assert.That(() => HeatMap.Draw("t", [2, 2, 2], new MapGrid(1, 3), value => $"{value}", "u"), Throws.Nothing);
        Assert.That(() => HeatMap.Draw("t", [double.NaN], new MapGrid(1, 1), value => $"{value}", "u"), Throws.Nothing);
    }

    [Test]
    public void HeatMap_VeryLargeMap_StaysOfBearableSize()
    {
        Picture picture = HeatMap.Draw("t", new double[100 * 90], new MapGrid(100, 90), value => $"{value}", "u");
        Assert.That(Math.Max(picture.Width, picture.Height), Is.LessThan(1500));
    }

    [Test]
    public void UMatrix_TwoByThreeMap_HasTheDistancesOfItsPairs()
    {
        // One dimension: 0 1 3
        //                0 5 3
        var matrix = new UMatrix([0, 1, 3, 0, 5, 3], new MapGrid(2, 3));

        Assert.That(matrix.Right(0, 0), Is.EqualTo(1));
        Assert.That(matrix.Right(0, 1), Is.EqualTo(2));
        Assert.That(matrix.Right(0, 2), Is.NaN);
        Assert.That(matrix.Below(0, 1), Is.EqualTo(4));
        Assert.That(matrix.Below(1, 1), Is.NaN);
        Assert.That(matrix.Diagonal(0, 0), Is.EqualTo((5 + 1) / 2.0));
        Assert.That(matrix.Mean(0, 0), Is.EqualTo((1 + 0) / 2.0));
        Assert.That(matrix.Mean(0, 1), Is.EqualTo((1 + 2 + 4) / 3.0));
    }

    [Test]
    public void UMatrix_TwoDimensions_IsTheEuclideanDistance() =>
        Assert.That(new UMatrix([0, 0, 3, 4], new MapGrid(1, 2)).Right(0, 0), Is.EqualTo(5));

    [Test]
    public void UMatrix_HexagonsAndTorus_HaveTheirNeighbors()
    {
        // 0 1 3
        //  0 5 3: row 1 is shifted to the right.
        var hexagons = new UMatrix([0, 1, 3, 0, 5, 3], new MapGrid(2, 3, MapLattice.Hexagon));
        Assert.That(hexagons.BelowLeft(0, 0), Is.NaN);
        Assert.That(hexagons.BelowRight(0, 0), Is.Zero);
        Assert.That(hexagons.BelowLeft(0, 1), Is.EqualTo(1));
        Assert.That(hexagons.BelowRight(0, 1), Is.EqualTo(4));
        Assert.That(hexagons.Mean(0, 1), Is.EqualTo((1 + 2 + 1 + 4) / 4.0));

        var torus = new UMatrix([0, 1, 3, 0, 5, 3], new MapGrid(2, 3, MapLattice.Rectangle, MapEdges.Torus));
        Assert.That(torus.Mean(0, 0), Is.EqualTo((0 + 1 + 3) / 3.0));
        Assert.That(torus.Right(0, 2), Is.NaN, "beyond the drawing");
    }

    [Test]
    public void UMatrixFigure_Hexagons_ShiftOddRowsAndLinkBothCellsBelow()
    {
        Figure figure = UMatrixFigure.Draw(new UMatrix([0, 1, 9, 0, 1, 9], new MapGrid(2, 3, MapLattice.Hexagon)));
        var layout = MapLayout.Fit(new MapGrid(2, 3, MapLattice.Hexagon), 40, 18);

        Assert.That(layout.X(1, row: 1), Is.EqualTo(layout.X(1) + 29));
        Assert.That(figure.Numbers.ToCsv(), Does.StartWith("row,column,mean,right,below_left,below_right\n0,0,0.5,1,,0\n0,1,"));
        int gap = layout.Y(0) + layout.CellSize + 9;
        Assert.That(figure.Picture[layout.X(2) + 5, gap], Is.EqualTo(Palette.Viridis(1)), "9 to 1, below left");
        Assert.That(figure.Picture[layout.X(2) + 35, gap], Is.EqualTo(Palette.Viridis(0)), "9 to 9, below right");
    }

    [TestCase(MapLattice.Rectangle)]
    [TestCase(MapLattice.Hexagon)]
    public void UMatrixFigure_Torus_ShowsTheDistancesAcrossTheCut(MapLattice lattice)
    {
        // 0 2 9 and 0 2 9: from the last column to the first 9, the largest distance; from the last row to the first 0.
        var grid = new MapGrid(2, 3, lattice, MapEdges.Torus);
        Picture picture = UMatrixFigure.Draw(new UMatrix([0, 2, 9, 0, 2, 9], grid)).Picture;
        var layout = MapLayout.Fit(grid, 40, 18);
        int rightEdge = layout.X(2) + layout.CellSize;

        Assert.That(picture[layout.X(0) - 5, layout.Y(0) + 20], Is.EqualTo(Palette.Viridis(1)), "left of the first column");
        Assert.That(picture[rightEdge + 5, layout.Y(0) + 20], Is.EqualTo(Palette.Viridis(1)), "right of the last column");
        Assert.That(picture[rightEdge + 10, layout.Y(0) + 20], Is.Not.EqualTo(Palette.Viridis(1)), "half of the gap");
        Assert.That(picture[layout.X(1) + 30, layout.Y(0) - 5], Is.EqualTo(Palette.Viridis(0)), "above the first row, right half");
        Assert.That(picture[layout.X(1, 1) + 10, layout.Y(1) + layout.CellSize + 5], Is.EqualTo(Palette.Viridis(0)), "below, left half");
    }

    [Test]
    public void UMatrixFigure_OneUnit_HasNoDistanceAndStillDraws()
    {
        Figure figure = UMatrixFigure.Draw(new UMatrix([1, 2], new MapGrid(1, 1)));
        Assert.That(figure.Numbers.ToCsv(), Is.EqualTo("row,column,mean,right,below,diagonal\n0,0,,,,\n"));
    }

    [Test]
    public void UMatrixFigure_RidgeBetweenTwoColumns_IsYellowBetweenThem()
    {
        Figure figure = UMatrixFigure.Draw(new UMatrix([0, 1, 9, 0, 1, 9], new MapGrid(2, 3)));
        MapLayout layout = MapLayout.Fit(new MapGrid(2, 3), 40, 18);

        int between = (layout.X(1) + layout.CellSize + layout.X(2)) / 2;
        Assert.That(figure.Picture[between, layout.Y(0)], Is.EqualTo(Palette.Viridis(1)));
    }

    [Test]
    public void UMatrixFigure_Clusters_AreOutlinedInTheMiddleOfTheGaps()
    {
        var matrix = new UMatrix([0, 1, 9, 0, 1, 9], new MapGrid(2, 3));
        Picture plain = UMatrixFigure.Draw(matrix).Picture;
        Picture picture = UMatrixFigure.Draw(matrix, [0, 0, 1, 0, 2, 2]).Picture;
        MapLayout layout = MapLayout.Fit(new MapGrid(2, 3), 40, 18);

        (int inSecond, int inFirst) = (layout.Y(1) + 20, layout.Y(0) + 20);
        Assert.That(picture[layout.X(2) - 9, inFirst], Is.EqualTo(Rgb.Outline));
        Assert.That(picture[layout.X(1) - 9, inSecond], Is.EqualTo(Rgb.Outline));
        Assert.That(picture[layout.X(1) + 20, layout.Y(1) - 9], Is.EqualTo(Rgb.Outline));
        Assert.That(picture[layout.X(2) + 20, layout.Y(1) - 9], Is.EqualTo(Rgb.Outline));
        Assert.That(picture[layout.X(1) - 9, inFirst], Is.EqualTo(plain[layout.X(1) - 9, inFirst]), "of one cluster");
        Assert.That(picture[layout.X(0) + 20, layout.Y(1) - 9], Is.EqualTo(plain[layout.X(0) + 20, layout.Y(1) - 9]), "of one cluster");
        Assert.That(picture[layout.X(2) - 9, MapLayout.Top - 1], Is.EqualTo(Rgb.White), "above the map");
    }

    [Test]
    public void ClusterFigure_NumbersAndColors_AreThoseOfTheClusters()
    {
        UnitClusters clusters = new([0, 0, 1, 0], 2, [0.5, 0.25, 0, null]);
        Figure figure = ClusterFigure.Draw(clusters, new float[4 * 64], new MapGrid(2, 2), new(8, 1));
        MapLayout layout = LabelMap.LayoutOf(new MapGrid(2, 2), new(8, 1));

        Assert.That(figure.Numbers.ToCsv(), Is.EqualTo("row,column,cluster,silhouette\n0,0,0,0.5\n0,1,0,0.25\n1,0,1,0\n1,1,0,\n"));
        Assert.That(figure.Picture[layout.X(1), layout.Y(1)], Is.EqualTo(Palette.Class(0)));
        Assert.That(figure.Picture[layout.X(0), layout.Y(1)], Is.EqualTo(Palette.Class(1)));
        Assert.That(figure.Picture[layout.X(0), layout.Y(1) - 3], Is.EqualTo(Rgb.Outline));
    }

    [Test]
    public void LabelMap_PureAndEmptyUnits_ShowTheClassColorAndGray()
    {
        UnitLabel[] labels = [new(1, 1), new(-1, double.NaN), new(0, 0.5), new(1, 0)];
        Picture picture = LabelMap.Draw(
            "t", labels, new float[4 * 28 * 28], new MapGrid(2, 2), new(28, 1), ["bag", "coat"], withPurity: true);
        MapLayout layout = LabelMap.LayoutOf(new MapGrid(2, 2), new(28, 1));

        Rgb[] above = [.. Enumerable.Range(0, 4).Select(unit => picture[layout.X(unit % 2), layout.Y(unit / 2) - 1])];
        Assert.That(above, Is.EqualTo([Palette.Class(1), ScaleBar.Empty, Palette.Class(0), Palette.Class(1)]));
        Assert.That(picture[layout.X(0), layout.Y(0)], Is.EqualTo(Rgb.Gray(0)), "the prototype as it is");
        int[] bars = [.. Enumerable.Range(0, 4).Select(unit => Enumerable.Range(0, layout.CellSize).Count(
            x => picture[layout.X(unit % 2) + x, layout.Y(unit / 2) + layout.CellSize + 2] == above[unit].ForText()))];
        Assert.That(bars, Is.EqualTo([layout.CellSize, 0, layout.CellSize / 2, 0]));
    }

    [Test]
    public void LabelMap_ManyClassesWithLongNamesInAnyScript_StaysReadable()
    {
        UnitLabel[] labels = [.. Enumerable.Range(0, 256).Select(label => new UnitLabel(label, 0.5))];
        string[] names = [.. Enumerable.Range(0, 256).Select(label => $"<b>Été à la мер {label} 漢 {new string('x', 200)}")];
        Picture picture = LabelMap.Draw("t", labels, new float[256 * 64], new MapGrid(16, 16), new(8, 1), names, withPurity: true);

        Assert.That(picture.Height, Is.LessThan(1200), "the legend is in columns");
        Assert.That(picture.Width, Is.LessThan(5000));
    }

    [Test]
    public void MapFigures_OfColorImages_NameThreeValuesOfEachPixelAndDrawThem()
    {
        Dataset data = TinyData.LoadColor(8, 4, 8);
        using Backend<float> backend = AllBackends.Create("cpu");
        using SomAttnModel model = new(
            backend, new TrainingSettings { Latent = 8, BatchSize = 8, MapHeight = 2, MapWidth = 3 }, data.Test.Shape);
        model.Initialize();
        MapStatistics statistics = new Evaluator(model).Evaluate(data).Map!;

        Figure figure = new MapFigures(model, statistics, data, ImageSplit.Test).Draw([0, 5]).First(each => each.Name == "prototypes");

        string[] lines = figure.Numbers.ToCsv().Split('\n');
        Assert.That(lines[0], Does.StartWith("row,column,p0_r,p0_g,p0_b,p1_r,").And.EndsWith(",p63_b"));
        double[] first = [.. lines[1].Split(',').Skip(2).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))];
        MapLayout layout = MapLayout.FitImages(new MapGrid(2, 3), 8, 2);
        Rgb drawn = figure.Picture[layout.X(0), layout.Y(0)];

        // The table is rounded to five decimals.
        double[] levels = [drawn.Red, drawn.Green, drawn.Blue];
        Assert.That(first[..3].Select(value => value * 255), Is.EqualTo(levels).Within(0.51));
    }

    [Test]
    public void ImageRows_TwoRows_PutsTheSecondBelowTheFirst()
    {
        ImageRow[] rows = [new("a", [1, 1, 1, 1]), new("b", [0, 0, 0, 0])];
        Picture picture = ImageRows.Draw("t", rows, new(2, 1), scale: 2);

        int x = picture.Width - MapLayout.Margin - 4 - 3; // an image of 4 pixels, a gap of 3, the margin
        int bottom = picture.Height - MapLayout.Margin - 3 - 1;
        Assert.That(picture[x, bottom], Is.EqualTo(Rgb.Gray(0)));
        Assert.That(picture[x, bottom - 7], Is.EqualTo(Rgb.White));
    }

    [Test]
    public void NumberTable_Texts_AreQuotedWhereTheyMustBe()
    {
        var table = new NumberTable("a", "b");
        table.AddRow(1.5, "x,\"y\"");
        table.AddRow(null, double.NaN);

        Assert.That(table.ToCsv(), Is.EqualTo("a,b\n1.5,\"x,\"\"y\"\"\"\n,\n"));
        Assert.That(() => table.AddRow(1), Throws.ArgumentException);
    }
}
