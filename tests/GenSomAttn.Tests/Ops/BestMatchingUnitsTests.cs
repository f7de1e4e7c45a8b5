using GenSomAttn.Backends;
using GenSomAttn.Backends.Reference;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>The search for the two nearest units, ties and NaN included.</summary>
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
        new SomShape(3, 3, 11, 3),
        new SomShape(6, 3, 11, 1000),
        new SomShape(300, 3, 11, 33),
        new SomShape(257, 2, 1, 1),
        new SomShape(41, 1, 17, 15),

        // Enough samples for full tiles on a device; units and elements that fill no tile.
        new SomShape(4100, 5, 13, 17),
        new SomShape(18, 3, 3, 5));

    private static IEnumerable<TestCaseData> Dimensions => AllBackends.Each(1, 3, 32, 33);

    /// <summary>Numbers of samples: backends may search a few with another algorithm than many.</summary>
    private static IEnumerable<TestCaseData> Counts => AllBackends.Each(1, 9);

    private static IEnumerable<TestCaseData> NotFinite => AllBackends.Each(NaN, Infinity, 3e38f);

    [TestCaseSource(nameof(Shapes))]
    public void BestMatchingUnits_RandomSamples_MatchReference(SomShape shape, string accelerator)
    {
        float[] input = Draw.Normal(shape.InputLength, 1);
        float[] codebook = Draw.Normal(shape.CodebookLength, 2);
        (int[] bmu, int[] second, double[] squaredDistances) = Reference(input, codebook, shape);

        Winners got = Search(accelerator, input, codebook, shape);

        Assert.That(got.Bmu, Is.EqualTo(bmu));
        Assert.That(got.Second, Is.EqualTo(second));
        Compare.Close("squaredDistances", got.SquaredDistances, squaredDistances, SumOfSquares);
    }

    /// <summary>
    /// Every vector occurs three times in the codebook: the lowest two win, whatever the dimension and the unit's position.
    /// </summary>
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
        SomShape shape = new(13, 7, 9, dimension);

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

        // |w|² - 2 x·w far from the origin would give a rounding error of 1e-2 instead of zero.
        Assert.That(got.SquaredDistances.Where((_, index) => index % 2 == 0), Is.All.Zero);
        Assert.That(got.Bmu, Is.EqualTo(units));
    }

    /// <summary>|w|² - 2 x·w would be about 3e7 here and rounded to 2; the distances are about 1e-2.</summary>
    [TestCaseSource(nameof(Shapes))]
    public void BestMatchingUnits_FarFromTheOrigin_AreThoseOfDirectSums(SomShape shape, string accelerator)
    {
        static float[] Far(int length, uint purpose) => [.. Draw.Normal(length, purpose).Select(number => 1000 + (0.01f * number))];
        float[] input = Far(shape.InputLength, 1);
        float[] codebook = Far(shape.CodebookLength, 2);

        (int[] bmu, int[] second, _) = Reference(input, codebook, shape);
        Winners got = Search(accelerator, input, codebook, shape);

        Assert.That(got.Bmu, Is.EqualTo(bmu));
        Assert.That(got.Second, Is.EqualTo(second));
    }

    /// <summary>Small whole numbers: distances are exact and very often equal, also those of more than two units.</summary>
    [TestCaseSource(nameof(Dimensions))]
    public void BestMatchingUnits_NumbersOnAGrid_LowestOfEqualsWins(int dimension, string accelerator)
    {
        SomShape shape = new(200, 9, 11, dimension);
        static float[] Grid(int length, uint purpose) => [.. Draw.Indices(length, 4, purpose).Select(number => number - 1f)];
        float[] input = Grid(shape.InputLength, 1);
        float[] codebook = Grid(shape.CodebookLength, 2);

        (int[] bmu, int[] second, _) = Reference(input, codebook, shape);
        Winners got = Search(accelerator, input, codebook, shape);

        Assert.That(got.Bmu, Is.EqualTo(bmu));
        Assert.That(got.Second, Is.EqualTo(second));
    }

    /// <summary>The distances are finite, but squared lengths and products of vectors as long as these overflow.</summary>
    [TestCaseSource(typeof(AllBackends), nameof(AllBackends.Names))]
    public void BestMatchingUnits_VectorsWhoseSquaresOverflow_AreRankedNevertheless(string accelerator)
    {
        const int Samples = 8;
        float[] input = [.. Enumerable.Repeat(2.0e19f, Samples)];

        Winners got = Search(accelerator, input, [-1e19f, 1e19f, 2.1e19f, 1.8e19f, 5], new SomShape(Samples, 5, 1, 1));

        Assert.That(got.Bmu, Is.All.EqualTo(2));
        Assert.That(got.Second, Is.All.EqualTo(3));
    }

    [TestCaseSource(nameof(Counts))]
    public void BestMatchingUnits_OneUnit_HasNoSecond(int samples, string accelerator)
    {
        float[] input = [.. Enumerable.Repeat<float[]>([1, 2, 3, 5], samples).SelectMany(two => two)];

        Winners got = Search(accelerator, input, [1, 1], new SomShape(2 * samples, 1, 1, 2));

        Assert.That(got.Bmu, Is.All.Zero);
        Assert.That(got.Second, Is.All.EqualTo(-1));
        float[] squaredDistances = [1, Infinity, 20, Infinity];
        Assert.That(got.SquaredDistances.Chunk(4), Is.All.EqualTo(squaredDistances));
    }

    [TestCaseSource(nameof(Counts))]
    public void BestMatchingUnits_UnitsOfNaN_NeverWin(int samples, string accelerator)
    {
        float[] codebook = [NaN, 0, 5, 5, 0, NaN, 9, 9, NaN, NaN];

        Winners got = Search(accelerator, new float[2 * samples], codebook, new SomShape(samples, 1, 5, 2));

        Assert.That(got.Bmu, Is.All.EqualTo(1));
        Assert.That(got.Second, Is.All.EqualTo(3));
        float[] squaredDistances = [50, 162];
        Assert.That(got.SquaredDistances.Chunk(2), Is.All.EqualTo(squaredDistances));
    }

    [TestCaseSource(nameof(Counts))]
    public void BestMatchingUnits_OneFiniteUnit_WinsBeforeTheLowestOther(int samples, string accelerator)
    {
        Winners got = Search(accelerator, new float[2 * samples], [NaN, 0, Infinity, 5, 1, 2], new SomShape(samples, 3, 1, 2));

        Assert.That(got.Bmu, Is.All.EqualTo(2));
        Assert.That(got.Second, Is.All.Zero);
        Assert.That(got.SquaredDistances.Where((_, index) => index % 2 == 0), Is.All.EqualTo(5f));
        Assert.That(got.SquaredDistances.Where((_, index) => index % 2 == 1).Any(float.IsFinite), Is.False);
    }

    [TestCaseSource(nameof(NotFinite))]
    public void BestMatchingUnits_SampleNotFinite_ReportsTheFirstTwo(float number, string accelerator)
    {
        SomShape shape = new(40, 12, 12, 33);
        float[] input = Draw.Normal(shape.InputLength, 1);
        input[33 + 32] = number;

        Winners got = Search(accelerator, input, Draw.Normal(shape.CodebookLength, 2), shape);

        Assert.That((got.Bmu[1], got.Second[1]), Is.EqualTo((0, 1)));
        Assert.That(got.SquaredDistances[2..4].Any(float.IsFinite), Is.False);
        Assert.That(got.SquaredDistances[..2].Concat(got.SquaredDistances[4..]).All(float.IsFinite), Is.True, "The other samples.");
    }

    private static (int[] Bmu, int[] Second, double[] SquaredDistances) Reference(float[] input, float[] codebook, SomShape shape)
    {
        using ReferenceBackend<double> reference = new();
        using ScratchBuffers<double> wide = new(reference);
        DeviceView<int> bmu = wide.Zeros<int>(shape.Samples), second = wide.Zeros<int>(shape.Samples);
        DeviceView<double> squaredDistances = wide.Zeros<double>(2 * shape.Samples);
        reference.BestMatchingUnits(
            wide.Of<double>(Compare.Widened(input)), wide.Of<double>(Compare.Widened(codebook)), shape, bmu, second, squaredDistances);
        return (bmu.ToArray(), second.ToArray(), squaredDistances.ToArray());
    }

    private static Winners Search(string accelerator, float[] input, float[] codebook, SomShape shape)
    {
        using Backend<float> backend = AllBackends.Create(accelerator);
        using ScratchBuffers<float> scratch = new(backend);
        DeviceView<int> bmu = scratch.Zeros<int>(shape.Samples);
        DeviceView<int> second = scratch.Zeros<int>(shape.Samples);
        DeviceView<float> squaredDistances = scratch.Zeros<float>(2 * shape.Samples);
        backend.BestMatchingUnits(scratch.Of<float>(input), scratch.Of<float>(codebook), shape, bmu, second, squaredDistances);
        return new Winners(bmu.ToArray(), second.ToArray(), squaredDistances.ToArray());
    }

    private sealed record Winners(int[] Bmu, int[] Second, float[] SquaredDistances);
}
