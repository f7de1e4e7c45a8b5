using System.CommandLine;
using System.Diagnostics;
using GenSomAttn.Cli;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>The help: options by purpose, some of them on its first screen and all with --help-all.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class HelpTests
{
    private static readonly Command[] Commands = [.. CommandLine.BuildRoot().Subcommands];
    private static readonly string[] Verbs = [.. Commands.Select(verb => verb.Name)];

    [TestCaseSource(nameof(Verbs))]
    public void HelpAll_OfAVerb_HasEveryOptionOnce(string verb)
    {
        string[] lines = CommandAssert.Succeeds(verb, "--help-all").Output.Split('\n');

        IEnumerable<string> names = Commands.Single(command => command.Name == verb).Options.Select(option => option.Name);
        foreach (string name in names.Append("--verbose").Append("--help-all"))
        {
            string begin = name == "--help" ? "  -?, -h, --help " : $"  {name} ";
            Assert.That(lines.Count(line => line.StartsWith(begin, StringComparison.Ordinal)), Is.EqualTo(1), name);
        }
    }

    [Test]
    public void Help_OfTrain_ShowsTheTenOptionsThatPeopleChangeAndWhereTheOthersAre()
    {
        string help = CommandAssert.Succeeds("train", "--help").Output;
        string[] names = [.. OptionLines(help).Select(line => line.Split(' ')[2])];
        int all = OptionLines(CommandAssert.Succeeds("train", "--help-all").Output).Count();

        Assert.That(names, Is.EqualTo(
            ["--data", "--epochs", "--map", "--image-size", "--channels", "--limit", "--batch-size", "--seed", "--model", "--output"]));
        Assert.That(help, Does.EndWith($"\n{all - names.Length} more options, by purpose: dotnet run -- train --help-all\n"));
    }

    [TestCase("train")]
    [TestCase("info")]
    public void Help_BeforeAVerb_IsThatOfTheVerb(string verb)
        => Assert.That(CommandAssert.Succeeds("help", verb).Output, Is.EqualTo(CommandAssert.Succeeds(verb, "--help").Output));

    [Test]
    public void Completion_InBash_CompletesVerbsOptionsAndValues()
    {
        Assert.That(Complete("gensom tr"), Is.EqualTo("train\n"));
        Assert.That(Complete("gensom train --see"), Is.EqualTo("--seed\n--seeds\n"));
        Assert.That(Complete("gensom train --model v"), Is.EqualTo("vae\n"));
        Assert.That(
            Complete("gensom generate 1 --sampler ").Split('\n'), Is.SupersetOf(["isotropic", "density", "walk", "prior", "mixture"]));
    }

    [TestCase("zsh", "compdef _gensom gensom")]
    [TestCase("pwsh", "Register-ArgumentCompleter")]
    public void Completion_OfAnotherShell_IsItsScript(string shell, string line)
        => Assert.That(CommandAssert.Succeeds("completion", shell).Output, Does.Contain(line).And.Contain("[suggest:"));

    [Test]
    public void Completion_OfAnUnknownShell_NamesTheKnown() => CommandAssert.Fails(2, ["completion", "fish"], "bash, zsh, pwsh", "'fish'");

    private static IEnumerable<string> OptionLines(string help) =>
        help.Split('\n').Where(line => line.StartsWith("  -", StringComparison.Ordinal));

    private static string Complete(string line)
    {
        const string Script = """
            gensom() { dotnet "$PROGRAM" "$@"; }
            source <(gensom completion bash)
            read -ra COMP_WORDS <<<"$LINE"
            [[ $LINE != *' ' ]] || COMP_WORDS+=('')
            COMP_LINE=$LINE COMP_POINT=${#LINE} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _gensom
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo("bash", ["-c", Script]) { RedirectStandardOutput = true };
        start.Environment["PROGRAM"] = Path.Combine(AppContext.BaseDirectory, "GenSomAttn.Native.dll");
        start.Environment["LINE"] = line;
        using Process bash = Process.Start(start)!;
        return bash.StandardOutput.ReadToEnd();
    }
}
