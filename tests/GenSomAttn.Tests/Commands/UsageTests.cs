using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using GenSomAttn.Cli;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Valid command lines that need no run, and invalid ones.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class UsageTests
{
    private const int Usage = 2;
    private const int Accelerator = 4;
    private static readonly Command[] Commands = [.. CommandLine.BuildRoot().Subcommands];
    private static readonly string[] Verbs = [.. Commands.Select(verb => verb.Name)];
    private static readonly string[] VerbsOfARun =
    [
        .. Commands.Where(verb => verb.Arguments.Any(argument => argument is { Name: "RUN", Arity.MinimumNumberOfValues: > 0 }))
            .Select(verb => verb.Name),
    ];

    private static readonly string[] ComputingVerbs =
        [.. Commands.Where(verb => verb.Options.Any(option => option.Name == "--accelerator")).Select(verb => verb.Name)];

    [Test]
    public void Help_OfTheProgram_ListsEveryVerb()
    {
        ProgramRun help = CommandAssert.Succeeds("--help");

        Assert.That(Verbs.Where(verb => !help.Output.Contains($"\n  {verb} ", StringComparison.Ordinal)), Is.Empty);
        Assert.That(help.Error, Is.Empty);
    }

    [TestCaseSource(nameof(Verbs))]
    public void Help_OfAVerb_ShowsAnExample(string verb)
        => Assert.That(CommandAssert.Succeeds(verb, "--help").Output, Does.Contain($"Example: {verb}"));

    [Test]
    public void Verbs_InEveryList_AreThoseOfTheCommand()
    {
        Assert.That(Verbs, Is.SupersetOf(["train", "resume", "compare", "export"]));
        Assert.That(VerbsOfARun, Is.SupersetOf(["resume", "export"]));
        Assert.That(ComputingVerbs, Is.SupersetOf(["train", "resume", "compare", "bench"]));
    }

    [Test]
    public void Help_OfTraining_NamesTheFormsOfAttention([Values("train", "bench")] string verb)
    {
        string help = CommandAssert.Succeeds(verb, "--help-all").Output;

        Assert.That(help, Does.Contain("--attention <latent|spatial|pool|none>").And.Contain("(spatial)").And.Contain("(pool)"));
    }

    [Test]
    public void Version_IsANumberOnOneLine()
        => Assert.That(CommandAssert.Succeeds("--version").Output, Does.Match(@"\A\d+\.\d+\.\d+\S*\n\z"));

    [Test]
    public void Program_WithoutArguments_NamesTheVerbs() => CommandAssert.Fails(Usage, [], Verbs);

    [TestCase("trian", "'trian'", "Did you mean 'train'?")]
    [TestCase("paint", "'paint'")]
    [TestCase("--nonsense", "'--nonsense'")]
    [TestCase("train --epoch 3", "'--epoch'", "Did you mean '--epochs'?")]
    [TestCase("train --nonsense 3", "'--nonsense'")]
    [TestCase("train --version", "'--version'")]
    [TestCase("train extra", "'extra'")]
    [TestCase("train @file", "'@file'")]
    [TestCase("devices extra", "'extra'")]
    public void Program_UnknownWord_NamesIt(string line, params string[] words) => CommandAssert.Fails(Usage, line.Split(' '), words);

    [Test]
    public void Program_WordFarFromAnyOption_SuggestsNone()
        => Assert.That(ProgramRun.Of("train", "--nope").Error, Does.Not.Contain("Did you mean"));

    [TestCase("--map 0x5", "0x5")]
    [TestCase("--map 5x0", "5x0")]
    [TestCase("--map 12", "12x12")]
    [TestCase("--map 3x4x5", "3x4x5")]
    [TestCase("--map 99999x99999", "99999x99999")]
    [TestCase("--map 99999999999x2", "99999999999x2")]
    [TestCase("--epochs -1", "-1")]
    [TestCase("--epochs 0", "'0'")]
    [TestCase("--epochs abc", "'abc'")]
    [TestCase("--epochs 1.5", "'1.5'")]
    [TestCase("--epochs 99999999999", "99999999999")]
    [TestCase("--learning-rate nan", "'nan'")]
    [TestCase("--learning-rate inf", "'inf'")]
    [TestCase("--learning-rate 0", "above 0")]
    [TestCase("--sigma-end 0", "--sigma-start")]
    [TestCase("--sigma-end 5", "--sigma-start")]
    [TestCase("--eta-start 1.1", "1.1")]
    [TestCase("--latent 7", "multiple of 8")]
    [TestCase("--batch-size 0", "'0'")]
    [TestCase("--limit 0", "'0'")]
    [TestCase("--seed -1", "'-1'")]
    [TestCase("--seed 18446744073709551616", "18446744073709551616")]
    [TestCase("--attention some", "latent", "spatial", "pool", "none")]
    [TestCase("--loss some", "full", "report")]
    [TestCase("--som-update some", "batch", "online")]
    [TestCase("--threads -1", "'-1'")]
    [TestCase("--threads 100000", "100000")]
    [TestCase("--accelerator nonsense", "auto, cuda, opencl, cpu, ilgpu-cpu")]
    [TestCase("--map", "--map")]
    [TestCase("--epochs 2 --epochs 3", "--epochs")]
    public void Train_BadValue_SaysWhatIsWrong(string options, params string[] words)
    {
        string[] arguments = ["train", "--data", SharedRun.Data, .. options.Split(' ')];
        CommandAssert.Fails(Usage, arguments, [options.Split(' ')[0], .. words]);
    }

    /// <summary>POCL_MEMORY_LIMIT leaves the device 1 GiB: too little for the activations of 16,384 images.</summary>
    [TestCase("opencl")]
    public void Train_BeyondTheMemoryOfTheDevice_SaysHowMuchWasAskedForAndIsFree(string accelerator)
    {
        if (!Backends.Selection.BackendFactory.Accelerators.Single(info => info.Name == accelerator).Available)
        {
            Assert.Ignore($"{accelerator} is not here.");
        }

        using TemporaryFolder data = new();
        using TemporaryFolder runs = new();
        TinyData.Write(data.Path, 4, 2, 28);
        string[] arguments =
            ["train", "--accelerator", accelerator, "--data", data.Path, "--batch-size", "16384", "--output", runs.Path];

        ProgramRun run = ProgramRun.With([new("POCL_MEMORY_LIMIT", "1")], arguments);

        Assert.That(run.ExitCode, Is.EqualTo(1), run.Error);
        Assert.That(run.Output, Is.Empty);
        Match memory = Regex.Match(run.Error, @"([1-9]\d*\.\d) MB were asked for, (\d+\.\d) MB are free");
        Assert.That(memory.Success, Is.True, run.Error);
        double asked = double.Parse(memory.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        Assert.That(double.Parse(memory.Groups[2].ValueSpan, CultureInfo.InvariantCulture), Is.LessThan(Math.Min(asked, 1073.7)));
        Assert.That(run.Error, Does.Contain("--batch-size"));
        Assert.That(run.Error, Does.Not.Contain("   at "));
        Assert.That(Directory.EnumerateFileSystemEntries(runs.Path), Is.Empty);
    }

    /// <summary>The simulator's buffers lie in the host's memory too; it refuses one before it is allocated, as a device does.</summary>
    [TestCase(Usage, "train", "--dry-run")]
    [TestCase(Usage, "bench", "--json")]
    [TestCase(1, "train", "--dry-run", "--accelerator", "ilgpu-cpu")]
    public void Verb_BeyondTheMemory_SaysWhatToMakeSmaller(int code, string verb, params string[] options)
    {
        // 128 MiB for .NET: room for the program, not for activations of 65,536 images.
        KeyValuePair<string, string?>[] environment = [new("DOTNET_GCHeapHardLimit", "0x8000000")];
        ProgramRun run = ProgramRun.With(environment, [verb, "--data", SharedRun.Data, "--batch-size", "65536", .. options]);

        Assert.That(run.ExitCode, Is.EqualTo(code), run.Error);
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Does.Contain("memory").And.Contain("--batch-size").And.Not.Contain("   at "));
    }

    [TestCaseSource(nameof(VerbsOfARun))]
    public void Verb_WithoutItsRun_SaysSo(string verb) => CommandAssert.Fails(Usage, [verb], "RUN", verb);

    [TestCaseSource(nameof(VerbsOfARun))]
    public void Verb_WithAnEmptyRun_SaysSo(string verb) => CommandAssert.Fails(Usage, [verb, ""], "RUN");

    [TestCaseSource(nameof(AbsentAccelerators))]
    public void Verb_AbsentAccelerator_ListsWhatIsPresent(string verb, string accelerator) => CommandAssert.Fails(
        Accelerator, [.. Arguments(verb), "--accelerator", accelerator], $"'{accelerator}'", "Available: ", "cpu");

    [TestCaseSource(nameof(VerbsOnADevice))]
    public void Verb_DeviceThatIsNotThere_NamesThoseThatAre(string verb, string accelerator, string present) => CommandAssert.Fails(
        Accelerator, [.. Arguments(verb), "--accelerator", accelerator, "--device", "7"], $"'{accelerator}'", "device 7", present);

    /// <summary>Returns the arguments of a verb that computes, without its accelerator.</summary>
    private static string[] Arguments(string verb) => verb switch
    {
        "train" => ["train", "--data", SharedRun.Data, "--dry-run"],
        "compare" => ["compare", "--data", SharedRun.Data, "--output", "/no/such/folder"],
        "doctor" or "gradcheck" => [verb],
        "bench" => ["bench", "--data", SharedRun.Data],
        _ => [verb, SharedRun.Path],
    };

    /// <summary>All verbs that compute, each on one of the accelerators that every machine has; train on both.</summary>
    private static IEnumerable<object[]> VerbsOnADevice() =>
    [
        ["train", "ilgpu-cpu", "Devices: 0: CPUAccelerator"],
        .. from verb in ComputingVerbs
           select new object[] { verb, "cpu", "device 0 alone" },
    ];

    private static IEnumerable<object[]> AbsentAccelerators() =>
        from accelerator in Backends.Selection.BackendFactory.Accelerators
        where !accelerator.Available
        from verb in ComputingVerbs
        select new object[] { verb, accelerator.Name };
}
