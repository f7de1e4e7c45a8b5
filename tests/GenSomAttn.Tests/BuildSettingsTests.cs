using System.Text.Json;
using System.Xml.Linq;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests;

/// <summary>Settings that keep builds reproducible; `tools/build-tests.sh` tests the same with builds and restores.</summary>
public sealed class BuildSettingsTests
{
    private static readonly string[] Implicit = ["Microsoft.NET.ILLink.Tasks", "Microsoft.DotNet.ILCompiler"];

    private static readonly string[] Folders = ["src", "kernels", "tests"];

    [Test]
    public void GlobalJson_OfTheRepository_TakesTheNewestReleaseFromTheFirstOfDotNet10()
    {
        using JsonDocument global = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "global.json")));
        JsonElement sdk = global.RootElement.GetProperty("sdk");

        Assert.That(sdk.GetProperty("version").GetString(), Is.EqualTo("10.0.100"));
        Assert.That(sdk.GetProperty("rollForward").GetString(), Is.EqualTo("latestMajor"));
        Assert.That(sdk.GetProperty("allowPrerelease").GetBoolean(), Is.False);
    }

    [Test]
    public void RuntimeConfig_OfTheProgram_RunsWhereThereIsOnlyALaterDotNet()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "GenSomAttn.Native.runtimeconfig.json");
        using JsonDocument config = JsonDocument.Parse(File.ReadAllText(path));

        Assert.That(config.RootElement.GetProperty("runtimeOptions").GetProperty("rollForward").GetString(), Is.EqualTo("Major"));
    }

    [TestCase("TreatWarningsAsErrors", "true")]
    [TestCase("RestoreLockedMode", "true")]
    public void StrictSettings_OfAllProjects_AreForCIAlone(string name, string value)
    {
        XElement[] settings = [.. BuildFiles().SelectMany(file => XDocument.Load(file).Descendants(name))];

        Assert.That(settings.Select(setting => (setting.Value, setting.Parent!.Attribute("Condition")?.Value)),
            Is.EqualTo([(value, "'$(CI)' == 'true'")]));
    }

    [Test]
    public void AnalysisLevel_OfAllProjects_IsANumber()
    {
        XElement[] levels = [.. BuildFiles().SelectMany(file => XDocument.Load(file).Descendants("AnalysisLevel"))];

        Assert.That(levels.Select(level => level.Value), Is.EqualTo(["10.0-recommended"]));
    }

    [Test]
    public void LockFiles_OfAllProjects_HoldNoPackageWhoseVersionTheSdkChooses()
    {
        string[] locks = [.. Files("packages.lock.json")];

        Assert.That(locks, Is.Not.Empty);
        foreach (string file in locks)
        {
            string text = File.ReadAllText(file);
            Assert.That(Implicit.Where(name => text.Contains($"\"{name}\"", StringComparison.OrdinalIgnoreCase)), Is.Empty, file);
        }
    }

    /// <summary>Projects of the solution; tools/peer is outside it.</summary>
    private static IEnumerable<string> BuildFiles() =>
        Files("*.csproj").Concat(Files("Directory.Build.*")).Concat(Files("Directory.Packages.props"));

    private static IEnumerable<string> Files(string pattern) =>
        Folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root, pattern));
}
