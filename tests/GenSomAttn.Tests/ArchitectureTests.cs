using System.Reflection;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests;

/// <summary>What knows what: the rules of the layout that a compiler does not hold.</summary>
public sealed class ArchitectureTests
{
    /// <summary>Each may use those after it, and no other.</summary>
    private static readonly string[] Chain =
        ["GenSomAttn.Native", "GenSomAttn.Model", "GenSomAttn.Engine", "GenSomAttn.Backends", "GenSomAttn.Kernels"];

    [TestCaseSource(nameof(Chain))]
    public void Assembly_References_GoOneWay(string name)
    {
        IEnumerable<string> ours = References(name).Where(reference => reference.StartsWith("GenSomAttn", StringComparison.Ordinal));

        Assert.That(ours, Is.SubsetOf(Chain[(Array.IndexOf(Chain, name) + 1)..]));
    }

    [Test]
    public void Assemblies_Together_UseTheWholeChain()
    {
        // Else the test above could hold because nothing was loaded.
        foreach ((string left, string right) in Chain.Zip(Chain.Skip(1)))
        {
            Assert.That(References(left), Does.Contain(right));
        }
    }

    [TestCaseSource(nameof(Chain))]
    public void Assembly_BelowTheCommandLine_KnowsNoConsole(string name)
    {
        bool isCommandLine = name == Chain[0];

        Assert.That(References(name).Contains("System.Console"), Is.EqualTo(isCommandLine));
        Assert.That(References(name).Contains("System.CommandLine"), Is.EqualTo(isCommandLine));
    }

    [Test]
    public void PicturePackages_InTheSources_AreKnownToOneFile()
    {
        IEnumerable<string> knowing = Sources().Where(path => File.ReadAllText(path).Contains("StbImage", StringComparison.Ordinal));

        Assert.That(knowing.Select(Path.GetFileName), Has.Exactly(1).Items.And.All.EqualTo("PictureFile.cs"));
    }

    private static IEnumerable<string> References(string name) =>
        Assembly.Load(name).GetReferencedAssemblies().Select(reference => reference.Name!);

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories);
}
