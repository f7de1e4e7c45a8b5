using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>--preset sets defaults, which a file and options override.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class PresetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Test]
    public void Train_PresetReport_HasTheValuesOfTheReport()
    {
        JsonElement config = Plan("--preset", "report");

        Assert.That(config.GetProperty("preset").GetString(), Is.EqualTo("report"));
        JsonElement settings = config.GetProperty("settings");
        Assert.That(settings.GetProperty("learning_rate").GetDouble(), Is.EqualTo(1e-3));
        Assert.That(settings.GetProperty("loss").GetString(), Is.EqualTo("report"));
        Assert.That(
            ((string[])["latent", "map_height", "map_width", "batch_size"]).Select(key => settings.GetProperty(key).GetInt32()),
            Is.EqualTo((int[])[32, 12, 12, 64]));
    }

    [Test]
    public void Train_NoPreset_HasNoKeyAndTheValuesOfDefault()
    {
        (JsonElement none, JsonElement named) = (Plan(), Plan("--preset", "default"));

        Assert.That(none.TryGetProperty("preset", out _), Is.False);
        Assert.That(named.GetProperty("settings").ToString(), Is.EqualTo(none.GetProperty("settings").ToString()));
    }

    [Test]
    public void Train_PresetWithAFileAndOptions_YieldsToThem()
    {
        string file = _folder.File("part.json");
        File.WriteAllText(file, """{"preset":"map","settings":{"commitment":0.125}}""");

        JsonElement ofFile = Plan("--config", file, "--sigma-end", "0.75");
        JsonElement ofOption = Plan("--config", file, "--preset", "report");

        JsonElement settings = ofFile.GetProperty("settings");
        Assert.That(ofFile.GetProperty("preset").GetString(), Is.EqualTo("map"));
        Assert.That(settings.GetProperty("sigma_end").GetDouble(), Is.EqualTo(0.75), "the option");
        Assert.That(settings.GetProperty("commitment").GetDouble(), Is.EqualTo(0.125), "the file");
        Assert.That(settings.GetProperty("quantized_weight").GetDouble(), Is.EqualTo(0.25), "the preset");
        Assert.That(
            settings.GetProperty("map_options").GetProperty("lattice").GetString(), Is.EqualTo("hexagon"), "the preset");
        Assert.That(ofOption.GetProperty("settings").TryGetProperty("map_options", out _), Is.False);
        Assert.That(ofOption.GetProperty("preset").GetString(), Is.EqualTo("report"));
        Assert.That(ofOption.GetProperty("settings").GetProperty("quantized_weight").GetDouble(), Is.EqualTo(0.05), "no longer map's");
        Assert.That(ofOption.GetProperty("settings").GetProperty("commitment").GetDouble(), Is.EqualTo(0.125));
    }

    [Test]
    public void Train_Preset_IsRecordedAndReproduced()
    {
        string output = _folder.File("runs");
        CommandAssert.Succeeds(SharedRun.TrainFor(1, output, "--preset", "map"));
        string run = Directory.GetDirectories(output).Single();

        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "config.json")));
        Assert.That(config.RootElement.GetProperty("preset").GetString(), Is.EqualTo("map"));
        Assert.That(CommandAssert.Succeeds("reproduce", run, "--no-progress").Output, Does.StartWith("same bytes"));
    }

    [Test]
    public void Train_UnknownPreset_NamesTheKnown() =>
        CommandAssert.Fails(2, ["train", "--preset", "best"], "default, report, map, samples", "'best'");

    private static JsonElement Plan(params string[] options)
    {
        string[] plan = ["train", "--data", SharedRun.Data, "--accelerator", "cpu", "--dry-run"];
        return CommandAssert.PrintsJson([.. plan, .. options]).GetProperty("config");
    }
}
