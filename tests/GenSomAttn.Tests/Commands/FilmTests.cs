using GenSomAttn.Tests.Support;
using NUnit.Framework;
using static GenSomAttn.Cli.Execution.ExitCodes;

namespace GenSomAttn.Tests.Commands;

/// <summary>The maps of the epochs: the command film, map --epoch, and two maps side by side.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FilmTests
{
    [Test]
    public void Film_OfARun_HasAPictureOfEachEpochAndAnAnimation()
    {
        using TemporaryFolder folder = new();

        ProgramRun run = CommandAssert.Succeeds("film", SharedRun.Path, "--output", folder.Path);

        string[] pictures = [.. Enumerable.Range(0, 3).Select(epoch => folder.File($"epoch_00{epoch}.png"))];
        Assert.That(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo([folder.File("film.gif"), .. pictures]));
        Array.ForEach(pictures, CommandAssert.IsPicture);
        byte[] film = File.ReadAllBytes(folder.File("film.gif"));
        Assert.That(film[..6], Is.EqualTo("GIF89a"u8.ToArray()));
        Assert.That(film.AsSpan().Count((ReadOnlySpan<byte>)[0x21, 0xF9, 0x04]), Is.EqualTo(3), "a frame for each epoch");
    }

    [Test]
    public void Map_OfTheLastEpoch_HasThePrototypesOfTheMap()
    {
        using TemporaryFolder folder = new();
        ProgramRun run = CommandAssert.Succeeds("map", SharedRun.Path, "--output", folder.Path, "--epoch", "2");
        CommandAssert.Succeeds("map", SharedRun.Path, "--output", folder.File("map"));

        Assert.That(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(
            from name in (string[])["prototypes", "umatrix"]
            from ending in (string[])["png", "csv"]
            select folder.File($"{name}-epoch-2.{ending}")));
        Assert.That(run.Error, Does.Contain("umatrix-epoch-2.png: "), "a caption");
        string whole = File.ReadAllText(Path.Combine(folder.File("map"), "umatrix.csv"));
        Assert.That(File.ReadAllText(folder.File("umatrix-epoch-2.csv")), Is.EqualTo(whole));
    }

    [Test]
    public void Map_EpochThatTheRunHasNot_SaysWhichItHas() => CommandAssert.Fails(
        Usage, ["map", SharedRun.Path, "--accelerator", "cpu", "--epoch", "7"], "--epoch 7", "0 to 2");

    [TestCase("film")]
    [TestCase("map", "--epoch", "1")]
    public void Verb_RunWithoutMaps_SaysWhy(string verb, params string[] options)
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        Directory.Delete(Path.Combine(run, "maps"), recursive: true);

        CommandAssert.Fails(DataOrFile, [verb, run, "--accelerator", "cpu", .. options], "no maps of its epochs");
    }

    [Test]
    public void Film_DamagedMap_NamesTheFile()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        string map = Path.Combine(run, "maps", "epoch_001.safetensors");
        byte[] bytes = File.ReadAllBytes(map);
        bytes[^1] ^= 1;
        File.WriteAllBytes(map, bytes);

        CommandAssert.Fails(DataOrFile, ["film", run, "--accelerator", "cpu"], "epoch_001.safetensors", "damaged");
    }

    [Test]
    public void Map_BesideItself_FindsEachUnitAgain()
    {
        using TemporaryFolder folder = new();

        CommandAssert.Succeeds("map", SharedRun.Path, "--output", folder.Path, "--beside", SharedRun.Path);

        string[] lines = File.ReadAllLines(folder.File("beside.csv"));
        Assert.That(lines[0], Is.EqualTo("row,column,other_row,other_column,mse"));
        Assert.That(lines.Skip(1).Select(line => line.Split(',')), Has.All.Matches<string[]>(
            cells => cells is [var row, var column, var otherRow, var otherColumn, "0"] && (row, column) == (otherRow, otherColumn)));
        CommandAssert.IsPicture(folder.File("beside.png"));
    }

    [Test]
    public void Info_CurvesBesideAnotherRun_HasBoth()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));

        string file = CommandAssert.Succeeds("info", run, "--curves", "--beside", SharedRun.Path).Output.TrimEnd();

        Assert.That(file, Is.EqualTo(Path.Combine(run, "curves-beside.svg")));
        Assert.That(File.ReadAllText(file), Does.Contain(Path.GetFileName(SharedRun.Path)!).And.Contain("stroke-dasharray"));
        CommandAssert.Fails(Usage, ["info", run, "--beside", SharedRun.Path], "--beside needs --curves");
    }
}
