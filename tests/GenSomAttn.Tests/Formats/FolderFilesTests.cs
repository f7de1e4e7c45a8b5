using GenSomAttn.Formats;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Formats;

/// <summary>Operations on the files of a run stay within its folder, whatever links and names it contains.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FolderFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _runs;
    private readonly string _outside;

    public FolderFilesTests()
    {
        _runs = _folder.File("runs");
        _outside = Directory.CreateDirectory(_folder.File("outside")).FullName;
        File.WriteAllText(Path.Combine(_outside, "work.tmp"), "precious");
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    [Platform("Linux")]
    public void Find_Links_AreNotFollowed()
    {
        string run = Run().Path;
        string own = Path.Combine(run, "samples", "half.tmp");
        string link = Path.Combine(run, "link.tmp");
        File.WriteAllText(own, "");
        File.CreateSymbolicLink(link, Path.Combine(_outside, "work.tmp"));

        Assert.That(FolderFiles.Find(run, ".tmp"), Is.EquivalentTo((string[])[own, link]));
        Assert.That(FolderFiles.Find(run), Is.EquivalentTo((string[])[own, link, Path.Combine(run, "config.json")]));
    }

    [Test]
    [Platform("Linux")]
    public void DeleteTemporary_Links_LeaveWhatTheyLeadTo()
    {
        RunDirectory run = Run();
        File.CreateSymbolicLink(Path.Combine(run.Path, "link.tmp"), Path.Combine(_outside, "work.tmp"));
        File.WriteAllText(Path.Combine(run.Path, "checkpoints", "half.tmp"), "");

        run.DeleteTemporary();

        Assert.That(FolderFiles.Find(run.Path, ".tmp"), Is.Empty);
        Assert.That(File.ReadAllText(Path.Combine(_outside, "work.tmp")), Is.EqualTo("precious"));
    }

    /// <summary>Two link cycles at each level: followed up to the system's limit of links, they would be 2^40 folders.</summary>
    [Test]
    [Platform("Linux")]
    public void Verify_LinksInCircles_Ends()
    {
        RunDirectory run = Run();

        Assert.That(RunVerifier.Verify(run).Select(file => file.File), Has.None.Contains("around").And.None.Contains("away"));
    }

    [Test]
    [Platform("Linux")]
    public void Write_OverALink_ReplacesTheLink()
    {
        RunDirectory run = Run();
        File.CreateSymbolicLink(Path.Combine(run.Path, "metrics.csv"), Path.Combine(_outside, "work.tmp"));

        run.Metrics.Append(MetricsLogTests.Row(0));

        Assert.That(File.ReadAllText(Path.Combine(_outside, "work.tmp")), Is.EqualTo("precious"));
        Assert.That(new FileInfo(run.Metrics.CsvPath).LinkTarget, Is.Null);
    }

    [TestCase("..")]
    [TestCase("../outside")]
    [TestCase("1/../../outside")]
    [TestCase("-1")]
    [TestCase("+1")]
    [TestCase(" 1")]
    [TestCase("1 ")]
    [TestCase("0x1")]
    [TestCase("99999999999999999999")]
    [TestCase("\u0661")]
    [TestCase("0001-somattn-2x3-s7/config.json")]
    [TestCase("%2e%2e")]
    [TestCase("a\0b")]
    public void Open_NameThatIsNoRun_IsRefused(string name)
    {
        Run();
        Assert.That(() => RunDirectory.Open(name, _runs), Throws.TypeOf<FileException>());
        Assert.That(() => RunDirectory.Open(Path.Combine(_runs, name), _runs), Throws.TypeOf<FileException>());
    }

    /// <summary>Creates a run whose folder has links to itself, to its parent and to the outside.</summary>
    private RunDirectory Run()
    {
        var run = RunDirectory.Create(_runs, new TrainingSettings { MapHeight = 2, MapWidth = 3, Seed = 7 });
        File.WriteAllText(run.ConfigPath, "{}");
        Directory.CreateSymbolicLink(Path.Combine(run.SamplesPath, "around1"), run.Path);
        Directory.CreateSymbolicLink(Path.Combine(run.SamplesPath, "around2"), ".");
        Directory.CreateSymbolicLink(Path.Combine(run.Path, "away"), _outside);
        return run;
    }
}
