using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>--eval-every: rows of epochs without scores, in every verb that reads them.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class EvalEveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Test]
    public void Train_EvalEveryTwo_HasRowsWithoutScoresThatAllVerbsRead()
    {
        string output = _folder.File("runs");
        ProgramRun trained = CommandAssert.Succeeds(SharedRun.TrainFor(3, output, "--eval-every", "2", "--json"));
        string run = Directory.GetDirectories(output).Single();

        JsonElement[] rows =
        [
            .. File.ReadLines(Path.Combine(run, "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.Clone()),
        ];
        Assert.That(
            rows.Select(row => row.GetProperty("mse_q").ValueKind == JsonValueKind.Null), Is.EqualTo([false, true, false, false]));
        Assert.That(rows.Select(row => row.GetProperty("loss").ValueKind == JsonValueKind.Null), Is.EqualTo([true, false, false, false]));
        Assert.That(CommandAssert.Json(trained).GetProperty("metrics").GetProperty("mse_q").GetDouble(), Is.GreaterThan(0));
        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "config.json")));
        Assert.That(config.RootElement.GetProperty("settings").GetProperty("eval_every").GetInt32(), Is.EqualTo(2));

        Assert.That(File.ReadAllText(Path.Combine(run, "curves.svg")), Does.Contain("Errors of test images"));
        Assert.That(Directory.GetFiles(Path.Combine(run, "maps")), Has.Length.EqualTo(4), "a map of each epoch");
        CommandAssert.Succeeds("info", run, "--verify");
        CommandAssert.Succeeds("runs", "--folder", output);
        CommandAssert.Succeeds("resume", run);
        CommandAssert.Succeeds("explore", run, "--output", _folder.File("atlas.html"));
        CommandAssert.Succeeds("film", run, "--output", _folder.File("film.gif"));
        Assert.That(CommandAssert.Succeeds("reproduce", run, "--no-progress").Output, Does.StartWith("same bytes"));
    }

    [Test]
    public void Train_EvalEveryOne_IsTheDefault()
    {
        JsonElement plan = CommandAssert.PrintsJson(SharedRun.Train(_folder.File("none"), "--eval-every", "1", "--dry-run"));

        Assert.That(plan.GetProperty("config").GetProperty("settings").TryGetProperty("eval_every", out _), Is.False);
    }

    [Test]
    public void Train_EvalEveryZero_IsRefused() =>
        CommandAssert.Fails(2, SharedRun.Train(_folder.File("zero"), "--eval-every", "0"), "--eval-every");
}
