using System.Text.Json;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The command locate with pictures that it cannot read, without the training images, and what it refuses.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class LocateBadInputTests
{
    private const int Usage = 2;
    private const int DataOrFile = 3;

    [Test]
    public void Locate_BrokenPicture_IsLeftOutAsItsErrorAdvises()
    {
        using TemporaryFolder folder = new();
        PictureFolder.WritePlain(folder.Path, "in/a.png", 90);
        string broken = PictureFolder.Write(folder.Path, "in/b.jpg", [0xFF, 0xD8, 0xFF]);
        string[] locate = ["locate", SharedRun.Path, folder.File("in"), "--accelerator", "cpu", "--output", folder.File("a.csv")];

        CommandAssert.Fails(DataOrFile, locate, broken, "--skip-broken");
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);

        ProgramRun run = CommandAssert.Succeeds([.. locate, "--skip-broken", "--json"]);
        Assert.That(run.Error, Does.Contain($"1 of 2 pictures cannot be used and are left out: {broken}: "));
        Assert.That(CommandAssert.Json(run).GetProperty("skipped").GetInt32(), Is.EqualTo(1));

        File.Delete(folder.File("in/a.png"));
        CommandAssert.Fails(DataOrFile, [.. locate, "--skip-broken"], "no image to locate");
    }

    [Test]
    public void Locate_WithoutTheTrainingImages_SaysWhyThereAreNoPercentiles()
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.Path, 20, 10, 8);
        PictureFolder.WritePlain(folder.Path, "in/a.png", 90);
        string trained = SharedRun.CopyTo(folder.File("run"));

        ProgramRun run = CommandAssert.Succeeds(
            "locate", trained, folder.File("in"), "--data", folder.Path, "--json", "--output", folder.File("b.csv"));
        JsonElement unknown = CommandAssert.Json(run);
        JsonElement known = CommandAssert.PrintsJson("locate", trained, "--data", folder.Path, "--output", folder.File("a.csv"));

        Assert.That(known.GetProperty("images").GetInt32(), Is.EqualTo(30));
        Assert.That(known.GetProperty("located")[0].GetProperty("percentile").ValueKind, Is.EqualTo(JsonValueKind.Number));
        Assert.That(unknown.GetProperty("located")[0].GetProperty("percentile").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(unknown.GetProperty("no_percentiles").GetString(), Does.Contain(folder.Path));
        Assert.That(run.Error, Does.Contain("there are no percentiles: "));
        Assert.That(File.ReadLines(folder.File("b.csv")).Last(), Does.Match(@",,\d+$"));
    }

    [Test]
    public void Locate_WhatItCannotUse_IsNamed()
    {
        using TemporaryFolder folder = new();
        IdxSet.Write(folder.File("."), 8, 8, 12);
        Directory.CreateDirectory(folder.File("empty"));
        string[] locate = ["locate", SharedRun.Path, "--accelerator", "cpu", "--output", folder.File("a.csv")];

        CommandAssert.Fails(DataOrFile, [.. locate, "/no/such.png"], "no file or folder /no/such.png");
        CommandAssert.Fails(DataOrFile, [.. locate, folder.File("empty")], "no pictures", folder.File("empty"));
        CommandAssert.Fails(DataOrFile, [.. locate, "--data", folder.Path], "12 x 12", "8 x 8");
        CommandAssert.Fails(Usage, [.. locate, "--split", "test", folder.Path], "--split");
        CommandAssert.Fails(Usage, [.. locate, "--split", "some"], "train, test, all");
        CommandAssert.Fails(Usage, [.. locate, "--nonsense"], "'--nonsense'");
        CommandAssert.Fails(Usage, [.. locate, ""], "PATH");
        CommandAssert.Fails(Usage, [.. locate, "--npz", "codes.zip"], "--npz codes.zip", ".npz");
        CommandAssert.Fails(Usage, [.. locate, "--clusters", "13"], "--clusters 13", "12 units");
        CommandAssert.Fails(Usage, ["locate", SharedRun.Path, "--output", "a.txt"], "--output a.txt", ".csv");
        Assert.That(Directory.GetFiles(folder.Path, "a.*"), Is.Empty);
    }
}
