using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GenSomAttn.Engine.Layers;
using GenSomAttn.Formats;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Runs;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests;

/// <summary>Rules of the architecture that a compiler does not enforce: dependencies, clocks, packages.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>The assemblies in order; each may use those after it and no others.</summary>
    private static readonly string[] Chain =
        ["GenSomAttn.Native", "GenSomAttn.Model", "GenSomAttn.Engine", "GenSomAttn.Backends", "GenSomAttn.Kernels"];

    /// <summary>Readers and writers of files, beside the chain: used by model and command line, and uses none of ours.</summary>
    private const string Formats = "GenSomAttn.Formats";

    /// <summary>The library, beside the command line: the other end, over the same assemblies.</summary>
    private const string Library = "GenSomAttn";

    private static readonly string[] SourceFolders = ["src", "kernels", "tests"];

    private static readonly string[] Assemblies = [.. Chain, Formats, Library];

    [TestCaseSource(nameof(Assemblies))]
    public void Assembly_References_GoOneWay(string name)
    {
        IEnumerable<string> ours = References(name).Where(reference => reference.StartsWith("GenSomAttn", StringComparison.Ordinal));
        string[] allowed = name switch
        {
            Formats => [],
            Library => [.. Chain[1..], Formats],
            "GenSomAttn.Native" or "GenSomAttn.Model" => [.. Behind(name), Formats],
            _ => Behind(name),
        };

        Assert.That(ours, Is.SubsetOf(allowed));
    }

    [Test]
    public void Assemblies_Together_UseTheWholeChain()
    {
        // Guards the test above: it would pass if no assembly were loaded.
        (string, string)[] beside = [("GenSomAttn.Model", Formats), (Library, "GenSomAttn.Model")];
        foreach ((string left, string right) in Chain.Zip(Chain.Skip(1)).Concat(beside))
        {
            Assert.That(References(left), Does.Contain(right));
        }
    }

    [TestCaseSource(nameof(Assemblies))]
    public void Assembly_BelowTheCommandLine_KnowsNoConsole(string name)
    {
        bool isCommandLine = name == Chain[0];

        Assert.That(References(name).Contains("System.Console"), Is.EqualTo(isCommandLine));
        Assert.That(References(name).Contains("System.CommandLine"), Is.EqualTo(isCommandLine));
    }

    [TestCaseSource(nameof(Assemblies))]
    public void Namespaces_OfAnAssembly_UseEachOtherOneWay(string name)
    {
        NamespaceGraph graph = new([.. Types(name)]);

        Assert.That(graph.CircularEdges(), Is.Empty);
        Assert.That(graph.Namespaces.SelectMany(graph.UsesOf), graph.Namespaces.Count > 1 ? Is.Not.Empty : Is.Empty);
    }

    [Test]
    public void CircularEdges_OfAPlantedCircle_AreFound()
    {
        const string Planted = "GenSomAttn.Tests.Planted";
        NamespaceGraph graph = new([.. Types("GenSomAttn.Tests", Planted)]);

        Assert.That(graph.UsesOf($"{Planted}.Apart"), Is.EqualTo(new[] { $"{Planted}.Left" }));
        Assert.That(graph.CircularEdges().Select(edge => edge.Split(" by ")[0]), Is.EqualTo(new[]
        {
            $"{Planted}.Left -> {Planted}.Right",
            $"{Planted}.Right -> {Planted}.Left",
        }));
    }

    [Test]
    public void Namespaces_OfTheModel_UseOnlyThoseBeforeThem()
    {
        // The graph that src/README.md draws. A folder that is not in it has no place yet.
        string[] order = Drawing().Match(ReadSourceReadme()).Value.Split("<-", StringSplitOptions.TrimEntries);
        NamespaceGraph graph = new([.. Types("GenSomAttn.Model")]);
        static string Folder(string name) => name["GenSomAttn.Model.".Length..];

        Assert.That(graph.Namespaces.Select(Folder), Is.EquivalentTo(order));
        foreach (string name in graph.Namespaces)
        {
            Assert.That(graph.UsesOf(name).Select(Folder), Is.SubsetOf(order[..Array.IndexOf(order, Folder(name))]), name);
        }
    }

    private static readonly TestCaseData[] Additions =
    [
        new("A layer", Subclasses(typeof(Layer))),
        new("A model", Subclasses(typeof(ImageModel)).Concat(Subclasses(typeof(TrainingLoss)))),
        new("A metric", new[] { typeof(Prdc), typeof(FrechetDistance), typeof(EvaluationResult), typeof(SampleScores) }),
        new("A picture", Types("GenSomAttn.Model").Where(type => type.GetMethods().Any(method => method.ReturnType == typeof(Picture)))),
        new("A file format", new[] { typeof(IdxReader), typeof(SafetensorsFile), typeof(CheckpointFile), typeof(RunConfig) }),
        new("A verb", Types("GenSomAttn.Native").Where(type => type.Name.EndsWith("Verb", StringComparison.Ordinal))),
    ];

    /// <summary>Where src/README.md says to add one names the folders of all that there are.</summary>
    [TestCaseSource(nameof(Additions))]
    public void WhereToAdd_InTheReadme_IsWhereTheOthersAre(string subject, IEnumerable<Type> others)
    {
        string answer = ReadSourceReadme().Split("\n- ").Single(text => text.StartsWith($"**{subject}**", StringComparison.Ordinal));
        string[] folders = [.. others.Select(type => $"GenSomAttn.{string.Join('/', type.Namespace!.Split('.')[1..])}/").Distinct()];

        Assert.That(folders, Is.Not.Empty);
        Assert.That(folders.Where(folder => !answer.Contains($"`{folder}`", StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>The files that src/README.md lists for an addition are those that know the newest one.</summary>
    [TestCase("A layer", @"\bPoolAttention\b", "src", "tests")]
    [TestCase("A model", @"\bAutoencoder(Model|Loss)\b|\bModelKind\.Ae\b|^    Ae,|\bae, a plain", "src")]
    public void FilesOfAnAddition_InTheReadme_AreThoseThatKnowTheNewest(string subject, string newest, params string[] folders)
    {
        string answer = ReadSourceReadme().Split("\n- ").Single(text => text.StartsWith($"**{subject}**", StringComparison.Ordinal));
        IEnumerable<string> knowing = folders
            .SelectMany(folder => Directory.EnumerateFiles(
                Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.EndsWith($"{nameof(ArchitectureTests)}.cs", StringComparison.Ordinal))
            .Where(path => Regex.IsMatch(File.ReadAllText(path), newest, RegexOptions.Multiline));

        Assert.That(
            knowing.Select(Path.GetFileName),
            Is.EquivalentTo(FileInBackticks().Matches(answer).Select(match => match.Groups[1].Value)));
    }

    [Test]
    public void Namespace_OfEachSource_IsItsFolder()
    {
        string[] wrong =
        [
            .. from root in SourceFolders.Select(folder => Path.Combine(Repository.Root, folder))
               from path in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
               let declared = NamespaceLine().Match(File.ReadAllText(path))
               where declared.Success
               let folder = Path.GetRelativePath(root, Path.GetDirectoryName(path)!).Replace(Path.DirectorySeparatorChar, '.')
               where declared.Groups[1].Value != folder
               select $"{path}: {declared.Groups[1].Value}",
        ];

        Assert.That(wrong, Is.Empty);
        Assert.That(NamespaceLine().Match("namespace A.B;\n").Groups[1].Value, Is.EqualTo("A.B"));
    }

    private static IEnumerable<MethodInfo> Operations => OperationWatch.Methods;

    /// <summary>The files of operation X are those named *.X.cs: the contract and every backend's part.</summary>
    [TestCaseSource(nameof(Operations))]
    public void Operation_Files_AreFoundByItsName(MethodInfo operation)
    {
        string name = DirectionOrStep().Replace(operation.Name, string.Empty);
        static string Text(string path) => File.ReadAllText(Path.Combine(Repository.Root, "src", "GenSomAttn.Backends", path));

        Assert.That(Text($"Backend.{name}.cs"), Does.Contain($"public void {operation.Name}("));
        string[] parts = [$"Reference/ReferenceBackend.{name}.cs", $"Simd/SimdBackend.{name}.cs", $"Ilgpu/IlgpuBackend.{name}.cs"];
        foreach (string part in parts)
        {
            Assert.That(Text(part), Does.Contain($"protected override void {operation.Name}Core("), part);
        }
    }

    [Test]
    public void PicturePackages_InTheSources_AreKnownToOneFile()
    {
        IEnumerable<string> knowing = Sources().Where(path => File.ReadAllText(path).Contains("SixLabors", StringComparison.Ordinal));

        Assert.That(
            knowing.Select(path => Path.GetRelativePath(Repository.Root, path)),
            Is.EqualTo(new[] { Path.Combine("src", "GenSomAttn.Formats", "PictureFile.cs") }));
    }

    [Test]
    public void WallClock_InTheSources_IsNowhere()
    {
        // Durations are measured with a monotonic stopwatch: a wall clock that is adjusted, by hand, over the network or for daylight
        // saving time, would give negative durations and delay the next checkpoint. And no file depends on a date. Only 'runs' shows those
        // of files.
        string[] listing = ["RunSummary.cs", "RunColumn.cs"];
        string[] sources = [.. Sources().Where(path => !listing.Contains(Path.GetFileName(path)))];

        Assert.That(sources.Where(path => WallClock().IsMatch(File.ReadAllText(path))), Is.Empty);
        Assert.That(sources.Where(path => File.ReadAllText(path).Contains("Stopwatch.", StringComparison.Ordinal)), Is.Not.Empty);
        Assert.That(WallClock().IsMatch("var now = DateTimeOffset.UtcNow;"), Is.True);
    }

    [Test]
    public void Peer_InTheBuildFiles_IsNowhere()
    {
        // The libtorch baseline in tools/peer is separate: neither the program nor its tests may reference it or its packages.
        string[] files = [.. BuildFiles().Order(StringComparer.Ordinal)];
        IEnumerable<string> knowing = files.Where(path => PeerOrItsPackages().IsMatch(File.ReadAllText(path)));

        Assert.That(files.Select(Path.GetFileName), Is.SupersetOf([
            "GenSomAttn.Native.sln", "GenSomAttn.Native.csproj", "GenSomAttn.Tests.csproj", "Directory.Packages.props",
            "packages.lock.json",
        ]));
        Assert.That(knowing, Is.Empty);
        Assert.That(PeerOrItsPackages().IsMatch(File.ReadAllText(Path.Combine(Repository.Root, "tools", "peer", "Peer.csproj"))), Is.True);
    }

    [TestCase("Directory.Build.props")]
    [TestCase("Directory.Build.targets")]
    [TestCase("Directory.Packages.props")]
    public void Peer_BuildFileOfItsOwn_IsEmpty(string name)
    {
        // If one is missing, MSBuild imports the next one above it, with the repository's own settings or versions.
        XElement root = XDocument.Load(Path.Combine(Repository.Root, "tools", "peer", name)).Root!;

        Assert.That(root.Name.LocalName, Is.EqualTo("Project"));
        Assert.That(root.HasElements, Is.False);
    }

    /// <summary>Files that determine the built projects and packages: solution, projects, common settings, lock files.</summary>
    private static IEnumerable<string> BuildFiles()
    {
        string[] patterns = ["*.sln", "*.csproj", "*.props", "*.targets", "packages.lock.json"];
        IEnumerable<string> Below(string folder, SearchOption depth) =>
            patterns.SelectMany(pattern => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, depth));

        return SourceFolders.SelectMany(folder => Below(folder, SearchOption.AllDirectories))
            .Concat(Below("", SearchOption.TopDirectoryOnly));
    }

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset|DateOnly|TimeOnly|TimeProvider)\b|\b(Get|Set)\w*(Write|Access|Creation)Time")]
    private static partial Regex WallClock();

    [GeneratedRegex("(Forward|BackwardInput|BackwardWeight|Backward|Step)$")]
    private static partial Regex DirectionOrStep();

    [GeneratedRegex(@"\bpeer\b|torch", RegexOptions.IgnoreCase)]
    private static partial Regex PeerOrItsPackages();

    [GeneratedRegex(@"`(\w+\.cs)`")]
    private static partial Regex FileInBackticks();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^    Data(\s+<- \w+)+$", RegexOptions.Multiline)]
    private static partial Regex Drawing();

    private static string[] Behind(string name) => Chain[(Array.IndexOf(Chain, name) + 1)..];

    private static string ReadSourceReadme() => File.ReadAllText(Path.Combine(Repository.Root, "src", "README.md"));

    private static IEnumerable<Type> Types(string assembly, string prefix = "GenSomAttn") =>
        Assembly.Load(assembly).GetTypes().Where(type => type.Namespace?.StartsWith(prefix, StringComparison.Ordinal) == true);

    private static IEnumerable<Type> Subclasses(Type parent) =>
        Types("GenSomAttn.Engine").Concat(Types("GenSomAttn.Model")).Where(type => type.IsSubclassOf(parent));

    private static IEnumerable<string> References(string name) =>
        Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!);

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories);
}
