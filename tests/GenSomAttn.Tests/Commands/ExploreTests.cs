using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GenSomAttn.Model.Atlas;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The command explore, the atlas that a training writes, and the curves of info.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class ExploreTests
{
    private const int Usage = 2;

    [Test]
    public void Explore_ARun_WritesOneFileThatNamesNoOther()
    {
        using TemporaryFolder folder = new();
        ProgramRun run = CommandAssert.Succeeds("explore", SharedRun.Path, "--output", folder.File("atlas.html"));

        Assert.That(run.Output, Is.EqualTo(folder.File("atlas.html") + "\n"));
        string page = File.ReadAllText(folder.File("atlas.html"));
        Assert.That(page, Does.Contain("default-src 'none'"));
        Assert.That(Addresses().Matches(page).Select(match => match.Value), Is.Empty);
        AtlasPage.Check(File.ReadAllBytes(folder.File("atlas.html")));
        JsonElement data = Data(page);
        Assert.That(data.GetProperty("facts").GetProperty("hits").EnumerateArray().Sum(hits => hits.GetInt32()), Is.EqualTo(12));
        AssertPictures(data);
        Assert.That(data.GetProperty("density").ValueKind, Is.EqualTo(JsonValueKind.Object));
    }

    [Test]
    public void Train_Atlas_HasImagesAndNoLongerReloads()
    {
        JsonElement data = Data(File.ReadAllText(Path.Combine(SharedRun.Path, "atlas.html")));

        Assert.That(data.GetProperty("run").GetProperty("isTraining").GetBoolean(), Is.False);
        Assert.That(data.GetProperty("run").GetProperty("epoch").GetInt32(), Is.EqualTo(2));
        AssertPictures(data);
    }

    [Test]
    public void Explore_OutputOfAnotherEnding_IsRefused() =>
        CommandAssert.Fails(Usage, ["explore", SharedRun.Path, "--output", "/tmp/atlas.txt"], "--output", ".html");

    [Test]
    public void Info_Curves_DrawsThemFromTheScores()
    {
        using TemporaryFolder folder = new();
        string run = SharedRun.CopyTo(folder.File("run"));
        string curves = Path.Combine(run, "curves.svg");
        string trained = File.ReadAllText(curves);
        File.Delete(curves);
        CommandAssert.Succeeds("info", run, "--curves");

        Assert.That(File.ReadAllText(curves), Is.EqualTo(trained));
        Assert.That(XDocument.Parse(trained).Descendants().Count(line => line.Name.LocalName == "polyline"), Is.EqualTo(9));
        CommandAssert.Fails(Usage, ["info", run, "--curves", "--verify"], "--curves");
    }

    [Test]
    public void Map_Via_PassesEachUnit()
    {
        using TemporaryFolder folder = new();
        CommandAssert.Succeeds(
            "map", SharedRun.Path, "--output", folder.Path, "--via", "0,0", "--via", "2,3", "--via", "1,1");

        string[] path = File.ReadAllLines(folder.File("path.csv"));
        string[] prototypes = File.ReadAllLines(folder.File("prototypes.csv"));
        Assert.That(path, Has.Length.EqualTo(1 + (2 * 31)), "31 images over the map and 31 straight");
        foreach (int first in (int[])[1, 32])
        {
            string[] stops = [Pixels(path[first]), Pixels(path[first + 15]), Pixels(path[first + 30])];
            Assert.That(stops, Is.EqualTo([Pixels(prototypes[1]), Pixels(prototypes[12]), Pixels(prototypes[6])]));
        }

        static string Pixels(string line) => string.Join(',', line.Split(',')[2..]);
    }

    [TestCase("--via is there once", "--via", "0,0")]
    [TestCase("--from does not apply", "--via", "0,0", "--via", "1,1", "--from", "0,0")]
    [TestCase("rows are 0 to 2", "--via", "0,0", "--via", "3,0")]
    [TestCase("'x'", "--via", "0,0", "--via", "x")]
    public void Map_WrongVia_IsRefused(string words, params string[] options) =>
        CommandAssert.Fails(Usage, ["map", SharedRun.Path, "--accelerator", "cpu", .. options], words);

    /// <summary>Asserts that each unit has its images, up to twelve.</summary>
    private static void AssertPictures(JsonElement data)
    {
        int[] hits = [.. data.GetProperty("trainingHits").EnumerateArray().Select(count => count.GetInt32())];
        int[] ofUnits = [.. data.GetProperty("pictures").GetProperty("units").EnumerateArray().Select(unit => unit.GetInt32())];

        Assert.That(hits.Sum(), Is.EqualTo(40));
        Assert.That(hits.Select((_, unit) => ofUnits.Count(other => other == unit)), Is.EqualTo(hits.Select(count => Math.Min(count, 12))));
    }

    private static JsonElement Data(string page) => JsonDocument.Parse(DataBlock().Match(page).Groups[1].Value).RootElement;

    [GeneratedRegex("""<script type="application/json" id="data">(.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex DataBlock();

    [GeneratedRegex("""(src|href)="?(https?:)?//[^"]*|https?://""")]
    private static partial Regex Addresses();
}
