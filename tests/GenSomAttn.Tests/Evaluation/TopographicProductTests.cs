using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>The topographic product.</summary>
public sealed class TopographicProductTests
{
    [Test]
    public void Of_CodebookThatIsTheGrid_IsZero()
    {
        Assert.That(TopographicProduct.Of(Grid(5, 4, (row, column) => [3 * row, 3 * column]), new MapGrid(5, 4)), Is.Zero.Within(1e-14));
    }

    [Test]
    public void Of_ChainFoldedOverASquare_IsBelowZero()
    {
        // 36 units in a row, their vectors in lines to and fro.
        Rows<float> snake = Grid(1, 36, (_, unit) => [unit / 6, unit / 6 % 2 == 0 ? unit % 6 : 5 - (unit % 6)]);

        Assert.That(TopographicProduct.Of(snake, new MapGrid(1, 36)), Is.LessThan(-0.05));
    }

    [Test]
    public void Of_SquareLaidOverALine_IsAboveZero()
    {
        Assert.That(TopographicProduct.Of(Grid(6, 6, (row, column) => [(6 * row) + column, 0]), new MapGrid(6, 6)), Is.GreaterThan(0.05));
    }

    [Test]
    public void Of_AnyCodebook_IsTheMeanOverAllOrdersOfUnitsAtEqualDistances()
    {
        var codebook = new Rows<float>(Draw.Normal(6 * 3, 4), 3);

        Assert.That(TopographicProduct.Of(codebook, new MapGrid(2, 3)), Is.EqualTo(ByDefinition(codebook, 3)).Within(1e-13));
    }

    [Test]
    public void Of_MirroredOrScaledMap_IsTheSame()
    {
        var codebook = new Rows<float>(Draw.Normal(20 * 3, 5), 3);
        Rows<float> mirrored = codebook.Select([.. Enumerable.Range(0, 20).Select(unit => (unit / 5 * 5) + 4 - (unit % 5))]);
        var scaled = new Rows<float>(codebook.Values.ToArray().Select(x => 4 * x).ToArray(), 3);
        double? product = TopographicProduct.Of(codebook, new MapGrid(4, 5));

        Assert.That(product, Is.Not.Zero.Within(1e-3));
        Assert.That(TopographicProduct.Of(mirrored, new MapGrid(4, 5)), Is.EqualTo(product).Within(1e-13));
        Assert.That(TopographicProduct.Of(scaled, new MapGrid(4, 5)), Is.EqualTo(product).Within(1e-13));
    }

    [Test]
    public void Of_OneUnitOrEqualVectors_IsUndefined()
    {
        Assert.That(TopographicProduct.Of(new Rows<float>(new float[] { 1, 2 }, 2), new MapGrid(1, 1)), Is.Null);
        Assert.That(TopographicProduct.Of(new Rows<float>(new float[] { 1, 2, 3, 4, 1, 2 }, 2), new MapGrid(1, 3)), Is.Null);
        Assert.That(TopographicProduct.Of(new Rows<float>(new float[] { 1, 2, 3, 4 }, 2), new MapGrid(1, 2)), Is.Zero);
    }

    private static Rows<float> Grid(int rows, int columns, Func<int, int, float[]> vector)
    {
        float[][] vectors = [.. Enumerable.Range(0, rows * columns).Select(unit => vector(unit / columns, unit % columns))];
        return new Rows<float>(vectors.SelectMany(v => v).ToArray(), vectors[0].Length);
    }

    /// <summary>The formula of the paper, with its products and roots, over every order by ascending distance on the grid.</summary>
    private static double ByDefinition(Rows<float> codebook, int mapWidth)
    {
        int units = codebook.Count;
        Rows<double> vectors = codebook.Widened();
        double OfVectors(int a, int b) => Math.Sqrt(Features.SquaredDistance(vectors[a], vectors[b]));
        double OnGrid(int a, int b) => double.Hypot((a / mapWidth) - (b / mapWidth), (a % mapWidth) - (b % mapWidth));
        double sum = 0;
        for (int j = 0; j < units; j++)
        {
            int[] others = [.. Enumerable.Range(0, units).Where(unit => unit != j)];
            int[] byVectors = [.. others.OrderBy(unit => OfVectors(j, unit))];
            int[][] orders =
            [
                .. Orders.All(others).Where(order => order.Zip(order.Skip(1)).All(pair => OnGrid(j, pair.First) <= OnGrid(j, pair.Second))),
            ];
            foreach (int[] byGrid in orders)
            {
                double product = 1;
                for (int k = 1; k < units; k++)
                {
                    product *= OfVectors(j, byGrid[k - 1]) / OfVectors(j, byVectors[k - 1]);
                    product *= OnGrid(j, byGrid[k - 1]) / OnGrid(j, byVectors[k - 1]);
                    sum += Math.Log(Math.Pow(product, 1.0 / (2 * k))) / orders.Length;
                }
            }
        }

        return sum / (units * (units - 1));
    }
}
