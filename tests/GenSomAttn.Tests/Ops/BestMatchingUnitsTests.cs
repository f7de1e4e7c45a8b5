using GenSomAttn.Backends;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>The search for the two nearest units, ties and numbers that are none included.</summary>
public sealed class BestMatchingUnitsTests
{
    private const float NaN = float.NaN;
    private const float Infinity = float.PositiveInfinity;

    private static readonly Tolerance SumOfSquares = new(0, 5e-6, "a float sum of squares, which all have one sign");

    private static IEnumerable<TestCaseData> Shapes => AllBackends.Each(
        new SomShape(64, 12, 12, 32),
        new SomShape(1, 12, 12, 32),
        new SomShape(33, 5, 9, 7),
        new SomShape(32, 1, 2, 1),
        new SomShape(5, 33, 1, 65),
        new SomShape(3, 3, 11, 3));

    private static IEnumerable<TestCaseData> Dimensions => AllBackends.Each(1, 3, 32, 33);

    private static IEnumerable<TestCaseData> NotFinite => AllBackends.Each(NaN, Infinity, 3e38f);

    [TestCaseSource(nameof(Shapes))]
    public void BestMatchingUnits_RandomSamples_MatchReference(SomShape shape, string accelerator)
    {
        float[] input = Draw.Normal(shape.InputLength, 1);
        float[] codebook = Draw.Normal(shape.CodebookLength, 2);
        int[] bmu = new int[shape.Samples];
        int[] second = new int[shape.Samples];
        double[] squaredDistances = new double[2 * shape.Samples];
        ReferenceOps<double>.BestMatchingUnits(
            Compare.Widened(input), Compare.Widened(codebook), shape, bmu, second, squaredDistances);

        Winners got = Search(accelerator, input, codebook, shape);

        Assert.That(got.Bmu, Is.EqualTo(bmu));
        Assert.That(got.Second, Is.EqualTo(second));
        Compare.Close("squaredDistances", got.SquaredDistances, squaredDistances, SumOfSquares);
    }

    /// <summary>Every vector stands three times in the codebook: the lowest two win, whatever the dimension and the unit's place.</summary>
    [TestCaseSource(nameof(Dimensions))]
    public void BestMatchingUnits_DuplicatesInTheCodebook_LowestWins(int dimension, string accelerator)
    {
        const int Vectors = 13;
        SomShape shape = new(40, 3, Vectors, dimension);
        float[] vectors = Draw.Normal(Vectors * dimension, 1);
        float[] input = Draw.Normal(shape.InputLength, 2);

        Winners got = Search(accelerator, input, [.. vectors, .. vectors, .. vectors], shape);

        Assert.That(got.Bmu, Is.All.LessThan(Vectors));
        Assert.That(got.Second, Is.EqualTo(got.Bmu.Select(unit => unit + Vectors)));
        Assert.That(got.Bmu, Is.EqualTo(Search(accelerator, input, vectors, shape with { MapHeight = 1 }).Bmu));
    }

    [TestCaseSource(nameof(Dimensions))]
    public void BestMatchingUnits_AllUnitsEqual_AreTheFirstTwo(int dimension, string accelerator)
    {
        SomShape shape = new(3, 7, 9, dimension);

        Winners got = Search(accelerator, Draw.Normal(shape.InputLength, 1), [.. Enumerable.Repeat(0.3f, shape.CodebookLength)], shape);

        Assert.That(got.Bmu, Is.All.Zero);
        Assert.That(got.Second, Is.All.EqualTo(1));
    }

    [TestCaseSource(nameof(Shapes))]
    public void BestMatchingUnits_SampleOnAUnit_HasDistanceZero(SomShape shape, string accelerator)
    {
        float[] codebook = [.. Draw.Normal(shape.CodebookLength, 1).Select(number => 100 + number)];
        int[] units = Draw.Indices(shape.Samples, shape.Units, 2);
        float[] input = [.. units.SelectMany(unit => codebook.AsSpan(unit * shape.Dimension, shape.Dimension).ToArray())];

        Winners got = Search(accelerator, input, codebook, shape);

        // |w|² - 2 x·w far from the origin would leave rounding of 1e-2 in place of zero.
        Assert.That(got.SquaredDistances.Where((_, index) => index % 2 == 0), Is.All.Zero);
        Assert.That(got.Bmu, Is.EqualTo(units));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void BestMatchingUnits_OneUnit_HasNoSecond(string accelerator)
    {
        Winners got = Search(accelerator, [1, 2, 3, 5], [1, 1], new SomShape(2, 1, 1, 2));

        int[] bmu = [0, 0];
        int[] second = [-1, -1];
        float[] squaredDistances = [1, Infinity, 20, Infinity];
        Assert.That(got.Bmu, Is.EqualTo(bmu));
        Assert.That(got.Second, Is.EqualTo(second));
        Assert.That(got.SquaredDistances, Is.EqualTo(squaredDistances));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void BestMatchingUnits_UnitsNotANumber_NeverWin(string accelerator)
    {
        float[] codebook = [NaN, 0, 5, 5, 0, NaN, 9, 9, NaN, NaN];

        Winners got = Search(accelerator, [0, 0], codebook, new SomShape(1, 1, 5, 2));

        Assert.That((got.Bmu[0], got.Second[0]), Is.EqualTo((1, 3)));
        float[] squaredDistances = [50, 162];
        Assert.That(got.SquaredDistances, Is.EqualTo(squaredDistances));
    }

    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void BestMatchingUnits_OneFiniteUnit_WinsBeforeTheLowestOther(string accelerator)
    {
        Winners got = Search(accelerator, [0, 0], [NaN, 0, Infinity, 5, 1, 2], new SomShape(1, 3, 1, 2));

        Assert.That((got.Bmu[0], got.Second[0]), Is.EqualTo((2, 0)));
        Assert.That(got.SquaredDistances[0], Is.EqualTo(5f));
        Assert.That(float.IsFinite(got.SquaredDistances[1]), Is.False);
    }

    [TestCaseSource(nameof(NotFinite))]
    public void BestMatchingUnits_SampleNotFinite_ReportsTheFirstTwo(float number, string accelerator)
    {
        SomShape shape = new(3, 12, 12, 33);
        float[] input = Draw.Normal(shape.InputLength, 1);
        input[33 + 32] = number;

        Winners got = Search(accelerator, input, Draw.Normal(shape.CodebookLength, 2), shape);

        Assert.That((got.Bmu[1], got.Second[1]), Is.EqualTo((0, 1)));
        Assert.That(got.SquaredDistances[2..4].Any(float.IsFinite), Is.False);
        Assert.That(got.SquaredDistances[..2].Concat(got.SquaredDistances[4..]).All(float.IsFinite), Is.True, "The other samples.");
    }

    private static Winners Search(string accelerator, float[] input, float[] codebook, SomShape shape)
    {
        using IBackend backend = AllBackends.Create(accelerator);
        using ScratchBuffers scratch = new(backend);
        DeviceView<int> bmu = scratch.Zeros<int>(shape.Samples);
        DeviceView<int> second = scratch.Zeros<int>(shape.Samples);
        DeviceView<float> squaredDistances = scratch.Zeros<float>(2 * shape.Samples);
        backend.BestMatchingUnits(scratch.Of<float>(input), scratch.Of<float>(codebook), shape, bmu, second, squaredDistances);
        return new Winners(bmu.ToArray(), second.ToArray(), squaredDistances.ToArray());
    }

    private sealed record Winners(int[] Bmu, int[] Second, float[] SquaredDistances);
}
