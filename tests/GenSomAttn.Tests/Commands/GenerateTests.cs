using System.Text.Json;
using System.Text.RegularExpressions;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The command generate.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class GenerateTests
{
    private const int Usage = 2;

    [Test]
    public void Generate_WithoutASeed_TakesANewOneThatCanBeRepeated([Values("isotropic", "density")] string sampler)
    {
        using TemporaryFolder folder = new();
        ProgramRun first = Generate(folder.File("first.png"), "--sampler", sampler);
        ProgramRun second = Generate(folder.File("second.png"), "--sampler", sampler);
        string seed = Seed().Match(first.Error).Groups[1].Value;
        Generate(folder.File("again.png"), "--sampler", sampler, "--seed", seed);

        byte[] picture = File.ReadAllBytes(folder.File("first.png"));
        Assert.That(Seed().Match(second.Error).Groups[1].Value, Is.Not.Empty.And.Not.EqualTo(seed));
        Assert.That(File.ReadAllBytes(folder.File("second.png")), Is.Not.EqualTo(picture));
        Assert.That(File.ReadAllBytes(folder.File("again.png")), Is.EqualTo(picture));
        CommandAssert.IsPicture(folder.File("first.png"));
    }

    [Test]
    public void Generate_Separate_WritesEachImageBesideTheGrid()
    {
        using TemporaryFolder folder = new();

        ProgramRun run = Generate(folder.File("new.png"), "--separate", "--sampler", "isotropic", "--count", "5", "--seed", "1");

        string[] files = [folder.File("new.png"), .. Enumerable.Range(0, 5).Select(n => folder.File($"new/{n:0000}.png"))];
        Assert.That(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo(files));
        Array.ForEach(files, CommandAssert.IsPicture);
        Assert.That(files.Skip(1).Select(file => Convert.ToHexString(File.ReadAllBytes(file))), Is.Unique, "each its own noise");
        Assert.That(run.Error, Does.Not.Contain("seed: "), "a seed given by the user is not printed");
    }

    [Test]
    public void Generate_Nearest_DrawsTheTrainingImageBeneathEach()
    {
        using TemporaryFolder folder = new();

        ProgramRun run = Generate(folder.File("new.png"), "--nearest", "--sampler", "isotropic", "--count", "3", "--seed", "1");

        string file = folder.File("new-nearest.png");
        Assert.That(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Is.EqualTo((string[])[folder.File("new.png"), file]));
        DecodedPicture picture = PictureFile.Decode(File.ReadAllBytes(file));
        Assert.That(picture.Width, Is.GreaterThan(3 * picture.Height / 4), "three columns");
    }

    [Test]
    public void Generate_OneUnit_DrawsNoOther()
    {
        using TemporaryFolder folder = new();
        string[] arguments =
        [
            "generate", SharedRun.Path, "--sampler", "isotropic", "--unit", "2,1", "--count", "3", "--seed", "5",
            "--output", folder.File("u.png"),
        ];

        JsonElement result = CommandAssert.PrintsJson(arguments);

        Assert.That(result.GetProperty("units").EnumerateArray().Select(unit => unit.GetInt32()), Is.EqualTo([9, 9, 9]));
        Assert.That(result.GetProperty("seed").GetInt32(), Is.EqualTo(5));
        Assert.That(result.GetProperty("sampler").GetString(), Is.EqualTo("isotropic"));
        Assert.That(result.GetProperty("files").EnumerateArray().Single().GetString(), Is.EqualTo(folder.File("u.png")));
    }

    [Test]
    public void Generate_WithoutAnOutput_NamesTheFileByAllThatDecidesIt()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.Path);
        string[] isotropic = ["generate", run, "--sampler", "isotropic", "--seed", "8", "--count", "2"];
        string[] density = ["generate", run, "--sampler", "density", "--seed", "8", "--count", "2"];
        string[][] commands =
            [isotropic, [.. isotropic, "--unit", "2,1"], [.. isotropic, "--sigma", "0.25"], [.. density, "--temperature", "0.5"]];

        string[] files = [.. commands.Select(command => CommandAssert.Succeeds(command).Output.TrimEnd('\n'))];

        string[] names =
        [
            "generated-isotropic-n2-s8.png", "generated-isotropic-u2-1-n2-s8.png", "generated-isotropic-sigma0.25-n2-s8.png",
            "generated-density-temperature0.5-n2-s8.png",
        ];
        Assert.That(files, Is.EqualTo(names.Select(folder.File)));
        Array.ForEach(files, CommandAssert.IsPicture);
        Assert.That(files.Select(file => Convert.ToHexString(File.ReadAllBytes(file))), Is.Unique);
    }

    [Test]
    public void Generate_WithoutAnOutput_OverwritesNoOtherPicture()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.Path);
        string[] command = ["generate", run, "--sampler", "isotropic", "--seed", "8", "--count", "2"];
        string first = CommandAssert.Succeeds(command).Output.TrimEnd('\n');

        Assert.That(CommandAssert.Succeeds(command).Output.TrimEnd('\n'), Is.EqualTo(first), "the same picture");
        File.WriteAllText(first, "another picture");
        Assert.That(CommandAssert.Succeeds(command).Output.TrimEnd('\n'), Is.EqualTo(folder.File("generated-isotropic-n2-s8-2.png")));
        Assert.That(File.ReadAllText(first), Is.EqualTo("another picture"));
    }

    [Test]
    public void Output_FoldersThatAreNotThere_AreMade()
    {
        using TemporaryFolder folder = new();
        Generate(folder.File("a/b/new.png"), "--count", "2", "--seed", "1");
        CommandAssert.Succeeds("export", SharedRun.Path, "--output", folder.File("c/d/model.safetensors"));
        CommandAssert.Succeeds("map", SharedRun.Path, "--output", folder.File("e/f"));

        CommandAssert.IsPicture(folder.File("a/b/new.png"));
        Assert.That(File.Exists(folder.File("c/d/model.safetensors")), Is.True);
        Assert.That(Directory.GetFiles(folder.File("e/f")), Is.Not.Empty);
    }

    [Test]
    public void Output_OfAnotherKind_IsRefusedAndWritesNothing()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        string checkpoint = Path.Combine(run, "checkpoints", "last.safetensors");
        byte[] before = File.ReadAllBytes(checkpoint);
        Directory.CreateDirectory(folder.File("folder.png"));
        Directory.CreateDirectory(folder.File("folder.safetensors"));

        CommandAssert.Fails(Usage, ["export", run, "--output", folder.File("x.npy")], "x.npy", ".safetensors");
        CommandAssert.Fails(Usage, ["export", run, "--output", folder.File("x")], ".safetensors");
        CommandAssert.Fails(Usage, ["export", run, "--output", checkpoint], "resume");
        CommandAssert.Fails(3, ["export", run, "--output", folder.File("folder.safetensors")], "it is a folder");
        CommandAssert.Fails(
            3, ["generate", run, "--seed", "1", "--accelerator", "cpu", "--output", folder.File("folder.png")], "it is a folder");
        Assert.That(File.ReadAllBytes(checkpoint), Is.EqualTo(before));
        Assert.That(Directory.GetFileSystemEntries(folder.Path), Has.Length.EqualTo(3));
    }

    [TestCase("--unit 3,0", "rows are 0 to 2")]
    [TestCase("--unit 0,4", "columns 0 to 3")]
    [TestCase("--unit 5", "'5'")]
    [TestCase("--count 0", "'0'")]
    [TestCase("--count -3", "'-3'")]
    [TestCase("--count 10001", "10000")]
    [TestCase("--sampler uniform", "isotropic", "density")]
    [TestCase("--sigma -1", "'-1'")]
    [TestCase("--sigma nan", "'nan'")]
    [TestCase("--sigma 0.1 --temperature 1", "--sampler")]
    [TestCase("--sampler density --sigma 0.1", "--sampler")]
    [TestCase("--sampler walk --count 1", "--count 1")]
    [TestCase("--sampler prior", "isotropic, density, walk")]
    [TestCase("--seed x", "'x'")]
    [TestCase("--output new.jpg", ".png")]
    public void Generate_BadValue_SaysWhatIsWrong(string options, params string[] words)
        => CommandAssert.Fails(Usage, ["generate", SharedRun.Path, "--accelerator", "cpu", .. options.Split(' ')], words);

    [Test]
    public void Generate_DensityOfAUnitThatWinsNothing_SaysSo()
    {
        // 40 training images cannot reach every one of 100 units.
        using TemporaryFolder folder = new();
        CommandAssert.Succeeds(["train", "--data", SharedRun.Data, "--output", folder.Path, "--epochs", "1", "--map", "10x10"]);
        string run = Directory.GetDirectories(folder.Path).Single();
        string[] generate = ["generate", run, "--sampler", "density", "--output", folder.File("new.png"), "--accelerator", "cpu"];
        JsonElement all = CommandAssert.PrintsJson([.. generate, "--count", "2000", "--seed", "1"]);
        HashSet<int> reached = [.. all.GetProperty("units").EnumerateArray().Select(unit => unit.GetInt32())];
        int empty = Enumerable.Range(0, 100).First(unit => !reached.Contains(unit));

        string unit = $"{empty / 10},{empty % 10}";
        CommandAssert.Fails(Usage, [.. generate, "--seed", "1", "--unit", unit], "wins no training image");
    }

    [Test]
    public void Generate_SigmaAlone_StandsForTheIsotropicSampler()
    {
        using TemporaryFolder folder = new();

        ProgramRun implied = Generate(folder.File("a.png"), "--sigma", "0.2", "--seed", "3");
        Generate(folder.File("b.png"), "--sigma", "0.2", "--seed", "3", "--sampler", "isotropic");
        ProgramRun other = Generate(folder.File("c.png"), "--seed", "3");

        Assert.That(File.ReadAllBytes(folder.File("a.png")), Is.EqualTo(File.ReadAllBytes(folder.File("b.png"))));
        Assert.That(File.ReadAllBytes(folder.File("c.png")), Is.Not.EqualTo(File.ReadAllBytes(folder.File("b.png"))));
        Assert.That(implied.Error, Does.Not.Contain("fitted"));
        Assert.That(other.Error, Does.Contain("sampler density: fitted to 40 training images"));
    }

    private static ProgramRun Generate(string output, params string[] more)
        => CommandAssert.Succeeds(["generate", SharedRun.Path, "--output", output, .. more]);

    [GeneratedRegex(@"^seed: (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Seed();
}
