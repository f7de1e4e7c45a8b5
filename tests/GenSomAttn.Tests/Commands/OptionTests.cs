using System.CommandLine;
using GenSomAttn.Cli;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>No option of any command takes another option, or an empty text, as its value.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class OptionTests
{
    private static readonly string[] NoValues = ["--verbose", "--json", "--dry-run", "-x", "-", "", " ", "\t"];

    [TestCaseSource(nameof(OptionsWithAValue))]
    public void Option_NoValue_IsRefused(string verb, string option)
    {
        foreach (string value in NoValues)
        {
            AssertRefused([verb, option, value], option, value);
            AssertRefused([verb, $"{option}={value}", "--verbose"], option, value);
            AssertRefused([verb, $"{option}:{value}", "--verbose"], option, value);
        }
    }

    [Test]
    public void Options_OfAllCommands_AreWalked()
        => Assert.That(
            OptionsWithAValue().Select(pair => $"{pair[0]} {pair[1]}"),
            Is.SupersetOf(["train --output", "train --config", "map --data", "evaluate --classifier", "bench --only", "compare --seeds"]));

    [TestCase("train --output --dry-run", "--output takes a path, not '--dry-run'", "./--dry-run")]
    [TestCase("train --output= --no-progress", "--output takes a path, not ''")]
    [TestCase("export 1 --output= --json", "--output takes a path, not ''")]
    [TestCase("info --jsn", "unknown option '--jsn'", "Did you mean '--json'?")]
    [TestCase("bench --sweep=", "--sweep takes one of")]
    [TestCase("train --seed -1", "--seed takes a whole number from 0")]
    public void Command_OptionInPlaceOfAValue_SaysSo(string line, params string[] words) => CommandAssert.Fails(2, line.Split(' '), words);

    [Test]
    public void Option_PathThatBeginsWithADash_IsTakenBehindADot()
        => Assert.That(CommandLine.Parse(["train", "--output", "./--dry-run"]).Errors, Is.Empty);

    [Test]
    public void Command_ProgramOfOneFile_SaysHowItIsRun()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("a.cs"), "");

        CommandAssert.Fails(2, [folder.File("a.cs")], $"dotnet run --file {folder.File("a.cs")}");
    }

    private static void AssertRefused(string[] arguments, string option, string value)
    {
        ParseResult parse = CommandLine.Parse([.. arguments]);
        string what = string.Join('|', arguments);

        // --sweep without a value means all kinds, and the next argument is another option.
        if (option == "--sweep" && arguments[1] == option && (value is "--json" or "--verbose"))
        {
            Assert.That(parse.GetResult(value), Is.Not.Null, what);
            return;
        }

        Assert.That(parse.Errors, Is.Not.Empty, what);
        using StringWriter error = new();
        Assert.That(ParseErrors.Write(parse, error), Is.EqualTo(2), what);
        Assert.That(
            error.ToString(), Does.Contain($"error: {option} takes ").And.Contain($"not '{value}'").Or.Contain("unknown "), what);
    }

    private static IEnumerable<string[]> OptionsWithAValue() =>
        from verb in CommandLine.BuildRoot().Subcommands
        from option in verb.Options
        where option.ValueType != typeof(bool) && option.Name != "--help"
        select new[] { verb.Name, option.Name };
}
