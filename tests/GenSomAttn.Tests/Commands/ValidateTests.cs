using System.Text.Json;
using GenSomAttn.Cli;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>--validate and the seeds of compare.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class ValidateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Test]
    public void Train_Validate_ScoresHeldOutImagesInEveryVerb()
    {
        string output = _folder.File("runs");
        ProgramRun trained = CommandAssert.Succeeds(SharedRun.Train(output, "--validate", "10", "--json"));
        string run = Directory.GetDirectories(output).Single();
        JsonElement scores = CommandAssert.PrintsJson("evaluate", run, "--samples", "0");

        Assert.That(trained.Error, Does.Contain("10 of the 40 training images are held out"));
        Assert.That(scores.GetProperty("images").GetInt32(), Is.EqualTo(10), "the test images are 12");
        double mseE = CommandAssert.Json(trained).GetProperty("metrics").GetProperty("mse_e").GetDouble();
        Assert.That(scores.GetProperty("mse_e").GetDouble(), Is.EqualTo(mseE).Within(1e-12));
        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "config.json")));
        Assert.That(config.RootElement.GetProperty("settings").GetProperty("validate").GetInt32(), Is.EqualTo(10));
        Assert.That(CommandAssert.Succeeds("reproduce", run, "--no-progress").Output, Does.StartWith("same bytes"));
        CommandAssert.Succeeds("locate", run, "--split", "test", "--output", _folder.File("places.csv"));
        Assert.That(File.ReadAllLines(_folder.File("places.csv")), Has.Length.EqualTo(1 + 10));
    }

    [Test]
    public void Train_ConfigWithOptionalSettings_HasThem()
    {
        string first = _folder.File("first");
        CommandAssert.Succeeds(SharedRun.TrainFor(1, first, "--validate", "10", "--lattice", "hexagon"));
        string config = Path.Combine(Directory.GetDirectories(first).Single(), "config.json");

        JsonElement again = CommandAssert.PrintsJson("train", "--config", config, "--validate", "7", "--dry-run");

        JsonElement settings = again.GetProperty("config").GetProperty("settings");
        Assert.That(settings.GetProperty("validate").GetInt32(), Is.EqualTo(7), "the option before the file");
        Assert.That(settings.GetProperty("map_options").GetProperty("lattice").GetString(), Is.EqualTo("hexagon"));
        Assert.That(again.GetProperty("size").GetProperty("test_images").GetInt32(), Is.EqualTo(7));
    }

    [Test]
    public void Train_ValidateZero_IsTheDefault()
    {
        JsonElement plan = CommandAssert.PrintsJson(SharedRun.Train(_folder.File("none"), "--validate", "0", "--dry-run"));

        Assert.That(plan.GetProperty("config").GetProperty("settings").TryGetProperty("validate", out _), Is.False);
        Assert.That(plan.GetProperty("size").GetProperty("test_images").GetInt32(), Is.EqualTo(12));
    }

    [Test]
    public void Train_ValidateAllImages_IsRefused() =>
        CommandAssert.Fails(3, SharedRun.Train(_folder.File("all"), "--validate", "40"), "40 validation images", "--validate");

    [Test]
    public void Compare_SeedsAndValidate_AreThoseOfTheRuns()
    {
        JsonElement document = CommandAssert.PrintsJson(
            "compare", "--ablate", "attention", "--seeds", "7,11..12", "--validate", "10", "--epochs", "1", "--data", SharedRun.Data,
            "--accelerator", "cpu", "--output", _folder.File("compare"));

        JsonElement[] runs = [.. document.GetProperty("runs").EnumerateArray()];
        Assert.That(runs.Select(run => run.GetProperty("seed").GetUInt64()).Distinct(), Is.EqualTo((ulong[])[7, 11, 12]));
        Assert.That(runs.Select(run => run.GetProperty("scores").GetProperty("images").GetInt32()), Is.All.EqualTo(10));
    }

    [TestCase("0")]
    [TestCase("101")]
    [TestCase("12..11")]
    [TestCase("1..101")]
    [TestCase("1,")]
    [TestCase("1,1")]
    [TestCase("5..7,6")]
    [TestCase("1..2..3")]
    [TestCase("..3")]
    [TestCase("0..18446744073709551615")]
    [TestCase("one")]
    public void Compare_SeedsThatAreNone_AreRefused(string seeds) =>
        CommandAssert.Fails(2, ["compare", "--seeds", seeds], "11..20", $"'{seeds}'");

    [TestCase("1..100")]
    [TestCase("0,18446744073709551615")]
    [TestCase("100")]
    public void Compare_SeedsAtTheLimit_AreRead(string seeds) =>
        Assert.That(CommandLine.Parse(["compare", "--seeds", seeds]).Errors, Is.Empty);
}
