using System.Text.Json;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>bench, run as a process.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class BenchTests
{
    private const int Usage = 2;
    private const int DataOrFile = 3;
    private static readonly int[] Widths = [256, 128];

    [Test]
    public void Bench_Everything_PrintsOneDocument()
    {
        JsonElement bench = CommandAssert.PrintsJson(Bench("--steps", "4", "--threads", "1"));

        Assert.That(bench.GetProperty("vector_bits").GetInt32(), Is.EqualTo(SimdBackend.VectorBits));
        Assert.That(bench.GetProperty("training_images").GetInt32(), Is.EqualTo(40));
        Assert.That(bench.GetProperty("settings").GetProperty("map_width").GetInt32(), Is.EqualTo(4));
        JsonElement result = bench.GetProperty("results").EnumerateArray().Single();
        Assert.That(result.GetProperty("threads").GetInt32(), Is.EqualTo(1));
        double roof = Number(result, "roof", "gigaflops_per_second");
        Assert.That(Number(result, "step", "time", "median_microseconds"), Is.Positive);
        Assert.That(Number(result, "step", "time", "samples"), Is.EqualTo(4));
        Assert.That(Number(result, "step", "time", "first_microseconds"), Is.Positive);
        Assert.That(
            Number(result, "step", "arithmetic", "share_of_roof"),
            Is.EqualTo(Number(result, "step", "arithmetic", "gigaflops_per_second") / roof).Within(1e-9));
        Assert.That(Number(result, "epoch", "images_per_second"), Is.Positive);
        JsonElement[] operations = [.. result.GetProperty("operations").GetProperty("rows").EnumerateArray()];
        Assert.That(operations.Select(row => row.GetProperty("operation").GetString()), Does.Contain("AdamStep"));
        Assert.That(operations.Select(row => Number(row, "share_of_memory")), Is.All.Positive);
        Assert.That(
            result.GetProperty("inference").EnumerateArray().Select(row => $"{row.GetProperty("path")} {row.GetProperty("batch")}"),
            Is.EqualTo(
            [
                "encode_search_decode 1", "decode 1", "encode_search_decode 64", "decode 64", "encode_search_decode 1000", "decode 1000",
            ]));
        Assert.That(
            result.GetProperty("map").EnumerateArray().Select(row => $"{row.GetProperty("work")} {row.GetProperty("vectors")}"),
            Is.EqualTo(["search 64", "update 64", "search 60000", "update 60000"]));

        // Child processes with narrower vectors than this process.
        int[] expected = [.. Widths.Where(bits => bits < SimdBackend.VectorBits)];
        JsonElement[] narrower = [.. bench.GetProperty("narrower_vectors").EnumerateArray()];
        Assert.That(narrower.Select(row => row.GetProperty("vector_bits").GetInt32()), Is.EqualTo(expected));
        Assert.That(narrower.Select(row => Number(row, "step", "time", "median_microseconds")), Is.All.Positive);
    }

    [Test]
    public void Bench_OnlyTheStep_MeasuresNothingElseWithEachNumberOfThreads()
    {
        JsonElement bench = CommandAssert.PrintsJson(Bench("--steps", "2", "--only", "step"));

        int[] threads = [.. new[] { 1, Environment.ProcessorCount }.Distinct()];
        JsonElement[] results = [.. bench.GetProperty("results").EnumerateArray()];
        Assert.That(results.Select(result => result.GetProperty("threads").GetInt32()), Is.EqualTo(threads));
        foreach (JsonElement result in results)
        {
            IEnumerable<JsonProperty> measured = result.EnumerateObject().Where(each => each.Value.ValueKind == JsonValueKind.Object);
            Assert.That(measured.Select(each => each.Name), Is.EqualTo(["step"]));
        }

        Assert.That(bench.GetProperty("narrower_vectors").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void Bench_WithoutJson_PrintsTablesAndItsProgressOnStderr()
    {
        ProgramRun run = CommandAssert.Succeeds(Bench("--steps", "2", "--threads", "1", "--only", "step,operations"));

        Assert.That(run.Output, Does.Match(@"ConvTranspose2dForward +32 of 64x2x2 -> 32x4x4 +1 +\d"));
        Assert.That(run.Output, Does.Match(@"training step of 16 +1 +\d"));
        Assert.That(run.Error, Is.EqualTo("bench: step, 1 thread\nbench: operations, 1 thread\n"));
    }

    [Test]
    public void Bench_Color_MeasuresRandomColorImages()
    {
        ProgramRun run = CommandAssert.Succeeds(
            "bench --channels color --image-size 8 --map 3x4 --latent 8 --steps 2 --threads 1 --only operations".Split(' '));

        Assert.That(run.Output, Does.Match(@"Conv2dForward +64 of 3x8x8 -> 32x4x4 +1 +\d"));
        Assert.That(run.Output, Does.Match(@"ConvTranspose2dForward +128 of 32x4x4 -> 3x8x8 +1 +\d"));
    }

    [TestCase("--only nonsense", "nonsense", "roof, step, operations, inference, locate, map, epoch, widths")]
    [TestCase("--only step,", "'step,'")]
    [TestCase("--only step,step", "'step,step'")]
    [TestCase("--only Step", "'Step'")]
    [TestCase("--steps 0", "'0'")]
    [TestCase("--steps 100001", "100001")]
    [TestCase("--threads -1", "'-1'")]
    [TestCase("--latent 7", "multiple of 8")]
    [TestCase("--channels color", "is for folders of color pictures", "8 x 8, gray")]
    [TestCase("--channels red", "'red'", "auto, gray, color")]
    [TestCase("--stages 4", "multiple of 16", "fewer --stages than 4")]
    [TestCase("--stages 1", "'1'", "from 2 to 7")]
    [TestCase("--batch-size 65536000", "65536000")]
    [TestCase("--sweep nonsense", "'nonsense'", "batch, latent, units, side, large")]
    public void Bench_BadValue_SaysWhatIsWrong(string options, params string[] words)
    {
        string[] parts = options.Split(' ');
        CommandAssert.Fails(Usage, ["bench", "--data", SharedRun.Data, .. parts], [parts[0], .. words]);
    }

    [TestCase("bench --sweep --only step", "--only")]
    [TestCase("bench --sweep batch --steps 3", "--steps")]
    [TestCase("bench --sweep --data data", "--data", "random images")]
    [TestCase("bench --output folder", "--output", "--sweep")]
    public void Bench_OptionsThatDoNotFitTogether_NamesThem(string line, params string[] words)
        => CommandAssert.Fails(Usage, line.Split(' '), words);

    [Test]
    public void Sweep_IntoAFile_SaysSoBeforeItMeasures()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("taken"), "");

        CommandAssert.Fails(DataOrFile, ["bench", "--sweep", "--output", folder.File("taken")], "taken");
    }

    [Test]
    public void Sweep_OfTheLatentVector_WritesItsFiles()
    {
        using TemporaryFolder folder = new();
        string output = folder.File("new/sweep");

        JsonElement sweep = CommandAssert.PrintsJson(
            "bench", "--sweep", "latent", "--batch-size", "1", "--threads", "1", "--output", output);

        Assert.That(
            sweep.GetProperty("files").EnumerateArray().Select(file => file.GetString()),
            Is.EqualTo([Path.Combine(output, "sweep.csv"), Path.Combine(output, "latent.svg")]));
        Assert.That(Directory.GetFiles(output), Has.Length.EqualTo(2));
        JsonElement[] series = [.. sweep.GetProperty("sweep").GetProperty("series").EnumerateArray()];
        Assert.That(series.Select(each => each.GetProperty("kind").GetString()), Is.EqualTo(["latent", "latent"]));
        Assert.That(Number(series[1], "expected_slope"), Is.EqualTo(1).Within(1e-9));
        Assert.That(Number(series[1], "fitted_slope"), Is.InRange(0.1, 2));
    }

    [Test]
    public void Bench_WithoutItsData_NamesTheFolder()
        => CommandAssert.Fails(DataOrFile, ["bench", "--data", "/no/such/folder"], "/no/such/folder");

    /// <summary>A small model on the small data set.</summary>
    private static string[] Bench(params string[] more)
        => [.. "bench --map 3x4 --latent 8 --batch-size 16".Split(' '), "--data", SharedRun.Data, .. more];

    private static double Number(JsonElement element, params string[] path)
        => path.Aggregate(element, (inner, name) => inner.GetProperty(name)).GetDouble();
}
