using GenSomAttn.Engine.Som;
using GenSomAttn.Kernels;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;
using NUnit.Framework;

namespace GenSomAttn.BrowserTests;

/// <summary>The page's script computes what the program computes.</summary>
public sealed class ArithmeticTests
{
    // One step of a pixel of 8 bits; the parameters of the page's decoder have half precision, with 11 significant bits.
    private const double Pixel = 1.0 / 255;
    private const double Code = 1e-3;
    private OpenPage _page = null!;

    private static TrainedMap Map => SharedMap.Map;

    [OneTimeSetUp]
    public async Task OpenAsync() => _page = await SharedMap.Browser.OpenAsync(Map.File);

    [OneTimeTearDown]
    public async Task CloseAsync()
    {
        _page.AssertQuiet();
        await _page.DisposeAsync();
    }

    [Test]
    public async Task Decode_AllUnits_IsTheProgramsImage()
    {
        float[] pixels = await DecodeAsync(_page, Map.Model.Map.Codebook.ToArray(), Map.Model.CodeLength);

        AssertClose(pixels, new MapSampler(Map.Model).Prototypes(), Pixel, 144 * 784);
    }

    [Test]
    public async Task Decode_200PointsBetweenUnits_IsTheProgramsImage()
    {
        List<(double Row, double Column)> points = [];
        for (uint n = 0; n < 200; n++)
        {
            points.Add((11 * Uniform(2 * n), 11 * Uniform((2 * n) + 1)));
        }

        float[] codebook = Map.Model.Map.Codebook.ToArray();
        float[] codes = MapPath.Through(codebook, 12, 32, points, points.Count);
        float[][] ofPage = await _page.RunAsync<float[][]>(
            "points => points.map(([row, column]) => Array.from(atlas.codeAt(row, column)))",
            points.Select(point => new[] { point.Row, point.Column }));
        AssertClose(ofPage.SelectMany(code => code), codes, Code, 200 * 32);

        float[] pixels = await DecodeAsync(_page, codes, 32);
        AssertClose(pixels, new Sampler(Map.Model).Decode(codes), Pixel, 200 * 784);
    }

    [Test]
    public async Task Encode_100TestImages_IsTheProgramsCode()
    {
        ImageSet images = Map.Dataset.Test.First(100);
        float[] codes = await EncodeAsync(_page, images);

        AssertClose(codes, CodedImages.Of(Map.Model, images).Codes.ToArray(), Code, 100 * 32);
    }

    [TestCase(SamplerKind.Isotropic, null, 0.1, 7UL)]
    [TestCase(SamplerKind.Isotropic, 39, 0.4, ulong.MaxValue)]
    [TestCase(SamplerKind.Density, null, 1.0, 1UL)]
    [TestCase(SamplerKind.Density, 5, 0.7, 12345678901234UL)]
    [TestCase(SamplerKind.Walk, null, null, 3UL)]
    public async Task Sample_AnySampler_IsTheProgramsImages(SamplerKind kind, int? unit, double? scale, ulong seed)
    {
        var train = new Lazy<CodedImages>(() => CodedImages.Of(Map.Model, Map.Dataset.Train));
        SampledImages made = new ImageSampler(Map.Model, train, _ => { }).Draw(kind, new SampleRequest(24, seed, unit), scale);
        float[] codes = await _page.RunAsync<float[]>(
            "asked => Array.from(atlas.sample({ ...asked, seed: BigInt(asked.seed) }).codes)",
            new { sampler = kind.ToString().ToLowerInvariant(), count = 24, seed = $"{seed}", unit, scale });

        AssertClose(codes, made.Codes.ToArray(), Code, 24 * 32);
        AssertClose(await DecodeAsync(_page, codes, 32), made.Pixels.ToArray(), Pixel, 24 * 784);
    }

    [Test]
    public async Task Winners_OfTestImages_AreTheProgramsUnits()
    {
        ImageSet images = Map.Dataset.Test.First(100);
        CodedImages coded = CodedImages.Of(Map.Model, images);
        int[] ofPage = await _page.RunAsync<int[]>(
            "codes => codes.map(code => atlas.winners(code).unit)", Rows(coded.Codes.ToArray(), 32));

        Assert.That(ofPage, Is.EqualTo(coded.Bmu.ToArray()));
    }

    /// <summary>Every kind of attention, gray and color, two stages and three; parameters as they are initialized.</summary>
    [TestCase(AttentionKind.Latent, 48, 3)]
    [TestCase(AttentionKind.Spatial, 28, 1)]
    [TestCase(AttentionKind.Spatial, 32, 3)]
    [TestCase(AttentionKind.Pool, 28, 3)]
    [TestCase(AttentionKind.None, 64, 1)]
    public async Task Networks_OfEveryKind_ComputeWhatTheProgramsCompute(AttentionKind attention, int side, int channels)
    {
        var settings = new TrainingSettings { Attention = attention, MapHeight = 2, MapWidth = 3, BatchSize = 8, Epochs = 1, Latent = 16 };
        using var map = TrainedMap.Of(settings, Sets.Random(new ImageShape(side, channels), 12), train: false);
        await using OpenPage page = await SharedMap.Browser.OpenAsync(map.File);
        ImageSet images = map.Dataset.Test;

        AssertClose(await EncodeAsync(page, images), CodedImages.Of(map.Model, images).Codes.ToArray(), Code, images.Count * 16);
        float[] pixels = await DecodeAsync(page, map.Model.Map.Codebook.ToArray(), 16);
        AssertClose(pixels, new MapSampler(map.Model).Prototypes(), Pixel, 6 * images.Shape.Length);
        page.AssertQuiet();
    }

    private static async Task<float[]> DecodeAsync(OpenPage page, float[] codes, int dimension) =>
        [.. (await page.RunAsync<float[][]>(
            "codes => codes.map(code => Array.from(atlas.decode(Float32Array.from(code))))", Rows(codes, dimension)))
            .SelectMany(image => image)];

    private static async Task<float[]> EncodeAsync(OpenPage page, ImageSet images) =>
        [.. (await page.RunAsync<float[][]>(
            "images => images.map(image => Array.from(atlas.encode(Float32Array.from(image))))",
            Rows(images.ToFloats(), images.Shape.Length))).SelectMany(code => code)];

    /// <summary>Returns the rows of a matrix in double: Playwright sends no single precision.</summary>
    private static double[][] Rows(float[] values, int length) =>
        [.. values.Chunk(length).Select(row => Array.ConvertAll(row, value => (double)value))];

    private static double Uniform(uint index) => Philox.Uniform(new RandomKey(5, RandomPurpose.Check, 0), index);

    private static void AssertClose(IEnumerable<float> made, float[] expected, double tolerance, int count)
    {
        float[] values = [.. made];
        Assert.That((values.Length, expected.Length), Is.EqualTo((count, count)));
        double largest = values.Zip(expected, (a, b) => Math.Abs((double)a - b)).Max();
        TestContext.Out.WriteLine($"largest difference {largest:0.0e0}, tolerance {tolerance:0.0e0}");
        Assert.That(largest, Is.LessThanOrEqualTo(tolerance));
    }
}
