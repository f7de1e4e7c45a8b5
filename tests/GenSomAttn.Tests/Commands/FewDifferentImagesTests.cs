using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The verbs on fewer distinct images than a mixture has components, k-means centers and a map units.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class FewDifferentImagesTests
{
    [TestCase("one twice", 43, 42, 3)]
    [TestCase("all black", 20, 1, 2)]
    [TestCase("one for each class", 3, 3, 3)]
    [TestCase("one class", 12, 12, 1)]
    public void CompareAndGenerate_FewerDifferentImagesThanComponents_UseAsManyAndSayItOnce(
        string kind, int count, int different, int classes)
    {
        using TemporaryFolder folder = new();
        string data = folder.File("data");
        Directory.CreateDirectory(data);
        TinyData.Write(data, count, 12, 8, (n, y, x) => Pixel(kind, n % different, y, x), n => (byte)(n % classes));
        string[] on = ["--epochs", "1", "--accelerator", "cpu", "--data", data, "--output"];
        CommandAssert.Succeeds(["train", "--model", "classifier", .. on, folder.File("classifier")]);
        string classifier = Path.Combine(
            Directory.GetDirectories(folder.File("classifier")).Single(), "checkpoints", "last.safetensors");

        ProgramRun compare = CommandAssert.Succeeds(
            ["compare", "--seeds", "1", .. on, folder.File("compare"), "--classifier", classifier]);

        string only = different == 1 ? "there is only 1 different" : $"there are only {different} different";
        string code = different == 1 ? "code" : "codes";
        string components = different == 1 ? "1 component" : $"{different} components";
        string[] notes = Notes(compare);
        string[] ofMaps = [.. notes.Where(note => note.Contains("the map's"))];
        Assert.That(ofMaps, Has.Length.InRange(1, 2), "the two maps may have as many components, or not");
        Assert.That(notes, Has.Length.EqualTo(3 + ofMaps.Length), compare.Error);
        Assert.That(notes, Has.One.EqualTo($"note: the autoencoder's mixture has {components}, not 144: {only} {code}"));
        Assert.That(notes, Has.Some.Matches($"^note: the map's mixture has .* that wins an image, not 144: {only} {code}$"));
        Assert.That(notes, Has.One.StartsWith("note: k-means on pixels has ").And.One.StartsWith("note: the map on pixels uses "));
        HasNumbers(File.ReadAllText(folder.File("compare/comparison.json")));

        // Without the second map, that of the report's values.
        string[] runs = [.. Directory.GetDirectories(folder.File("compare/runs")).Where(run => !run.Contains("0002-"))];
        Assert.That(Generate(runs, "-ae-", "mixture", folder), Is.EqualTo(notes.Where(note => note.Contains("the autoencoder's"))));
        Assert.That(Generate(runs, "-somattn-", "density", folder), Is.EqualTo(ofMaps[..1]));
        Assert.That(Generate(runs, "-somattn-", "walk", folder), Is.Empty);
        string map = runs.Single(run => run.Contains("-somattn-"));
        CommandAssert.Succeeds("map", map);
        HasNumbers(CommandAssert.Succeeds("evaluate", map, "--classifier", classifier, "--json").Output);
    }

    private static byte Pixel(string kind, int n, int y, int x) => kind switch
    {
        "all black" => 0,
        _ => (byte)((y / 4) + (2 * (x / 4)) == n % 4 ? 60 + (4 * n) : 8 * y),
    };

    private static string[] Generate(string[] runs, string model, string sampler, TemporaryFolder folder)
    {
        string picture = folder.File($"{sampler}.png");
        ProgramRun generate = CommandAssert.Succeeds(
            "generate", runs.Single(run => run.Contains(model)), "--sampler", sampler, "--count", "4", "--seed", "1", "--output", picture);
        CommandAssert.IsPicture(picture);
        return Notes(generate);
    }

    private static string[] Notes(ProgramRun run) =>
        [.. run.Error.Split('\n').Where(line => line.StartsWith("note: ", StringComparison.Ordinal))];

    private static void HasNumbers(string json) => Assert.That(json, Does.Not.Contain("NaN").And.Not.Contain("Infinity"));
}
