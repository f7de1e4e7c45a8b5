using System.CommandLine;
using System.Text.RegularExpressions;
using GenSomAttn.Cli;
using GenSomAttn.Cli.Output;
using GenSomAttn.Tests.Support;
using NUnit.Framework;
using Spectre.Console;

namespace GenSomAttn.Tests.Commands;

/// <summary>Output on terminals of several widths, and into files.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class TerminalTests : IDisposable
{
    private static readonly int[] Widths = [60, 80, 100, 120, 160, 200];
    private static readonly string[] Verbs = ["devices", "info", "info --verify", "export", "evaluate", "compare"];

    private readonly TemporaryFolder _folder = new();
    private string _classifier = null!;

    [OneTimeSetUp]
    public void Train()
    {
        string[] options = ["--epochs", "1", "--data", SharedRun.Data, "--accelerator", "cpu", "--output"];
        CommandAssert.Succeeds(["train", "--model", "classifier", .. options, _folder.File("classifier")]);
        string run = Directory.GetDirectories(_folder.File("classifier")).Single();
        _classifier = Path.Combine(run, "checkpoints", "last.safetensors");
        CommandAssert.Succeeds(Arguments("compare"));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Test]
    public void Verbs_OnATerminal_PrintWhatAFileGetsWithoutACutWord([ValueSource(nameof(Verbs))] string verb)
    {
        ProgramRun file = CommandAssert.Succeeds(Arguments(verb));

        Assert.That(file.Output.Split('\n').Where(line => line.EndsWith(' ')), Is.Empty);
        foreach (int width in Widths)
        {
            string[] lines = PseudoTerminal.Lines(PseudoTerminal.Output(width, Arguments(verb)));
            Assert.That(Words(file.Output).Except(lines.SelectMany(Words)), Is.Empty, $"{width} columns");
            Assert.That(lines.Where(line => line.Length > width && line.TrimStart().Contains(' ')), Is.Empty, $"{width} columns");
        }
    }

    [Test]
    public void Help_OfEveryVerb_FitsEveryWidthWithoutACutWord()
    {
        foreach (Command verb in CommandLine.BuildRoot().Subcommands)
        {
            string help = CommandAssert.Succeeds(verb.Name, "--help-all").Output;
            Assert.That(help.Split('\n').Where(line => line.EndsWith(' ')), Is.Empty, verb.Name);
            for (int width = 60; width <= 200; width++)
            {
                string[] lines = [.. HelpLayout.Lines(help, width)];
                Assert.That(Words(help).Except(lines.SelectMany(Words)), Is.Empty, $"{verb.Name}, {width} columns");
                Assert.That(lines.Where(line => line.Length > width), Is.Empty, $"{verb.Name}, {width} columns");
            }
        }
    }

    [TestCase(60)]
    [TestCase(100)]
    public void Help_OnATerminal_IsLaidOutForIt(int width)
    {
        string help = CommandAssert.Succeeds("train", "--help").Output;

        string[] lines = PseudoTerminal.Lines(PseudoTerminal.Output(width, "train", "--help"));

        Assert.That(lines[..^1], Is.EqualTo(HelpLayout.Lines(help, width)));
    }

    [TestCase("gradcheck --accelerator cpu", 60)]
    [TestCase("gradcheck --accelerator cpu", 100)]
    [TestCase("doctor --accelerator cpu", 80)]
    public void Checks_OnATerminal_AreWhole(string verb, int width)
    {
        string[] arguments = verb.Split(' ');
        string[] expected = [.. Words(CommandAssert.Succeeds(arguments).Output)];

        string[] lines = PseudoTerminal.Lines(PseudoTerminal.Output(width, arguments));

        Assert.That(expected.Except(lines.SelectMany(Words)), Is.Empty);
        Assert.That(lines.Where(line => line.Length > width), Is.Empty);
    }

    [Test]
    public void Bench_OnATerminal_PrintsWholeNumbers([Values(60, 80, 120)] int width)
    {
        string[] bench =
        [
            .. "bench --only step,operations --steps 2 --threads 1 --map 3x4 --latent 8 --batch-size 16 --accelerator cpu".Split(' '),
            "--data", SharedRun.Data,
        ];
        string[] file = [.. Words(CommandAssert.Succeeds(bench).Output)];

        string[] lines = PseudoTerminal.Lines(PseudoTerminal.Output(width, bench));

        // The times differ from one to the other; how many there are does not. A column that is empty on cpu is left out where each
        // row is a block.
        string[] words = [.. lines.SelectMany(Words)];
        Assert.That(file.Where(word => !char.IsAsciiDigit(word[0])).Except([.. words, "launches", "memory"]), Is.Empty);
        Assert.That(words.Count(word => Decimal().IsMatch(word)), Is.EqualTo(file.Count(word => Decimal().IsMatch(word))));
        Assert.That(lines.Where(line => line.Length > width), Is.Empty);
    }

    [Test]
    public void Train_OnATerminal_LeavesTheScoresAndNothingOfTheBar([ValueSource(nameof(Widths))] int width)
    {
        using TemporaryFolder folder = new();
        Screen screen = new(width);

        screen.Send(PseudoTerminal.All(width, SharedRun.TrainFor(30, folder.Path)));

        string run = Directory.GetDirectories(folder.Path).Single();
        string[] scores = CommandAssert.Succeeds("info", run).Output.Split('\n').SkipWhile(line => line != "score").ToArray()[..^1];
        Assert.That(screen.Lines[^(scores.Length + 1)..], Is.EqualTo([.. scores, run]));
        Assert.That(screen.Lines.Where(line => line.Contains('━') || line.Contains(" left") || line.Contains("starting")), Is.Empty);
        Assert.That(screen.Lines.Count(line => Epoch().IsMatch(line)), Is.EqualTo(31));
        string epochs = string.Join(' ', screen.Lines);
        Assert.That(Regex.Count(epochs, @" images/s\b"), Is.EqualTo(30), "no word of them is broken");
    }

    [Test]
    public void Files_DoNotDependOnAWidth()
    {
        string[] info = ["info", SharedRun.Path];
        Assert.That(ProgramRun.With([new("COLUMNS", "40"), new("LINES", "5")], info).Output, Is.EqualTo(ProgramRun.Of(info).Output));
    }

    /// <summary>The window is resized while the bar is shown: a narrower terminal reflows the bar's row into several.</summary>
    [Test]
    public void StatusLine_WindowThatChanges_LeavesTheLinesAlone([Values(200, 100, 61)] int first, [Values(60, 45, 23, 150)] int second)
    {
        Screen screen = new(first);
        using var writer = new StringWriter();
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.Yes });
        StatusLine bar = new(terminal);
        string[] lines = [.. Enumerable.Range(1, 8).Select(n => $"epoch {n}: loss 0.{n}")];

        foreach (string line in lines)
        {
            At(first, () => bar.Show(0.5, "3:05 left", "epoch 1/2", "loss 0.1234", "1234 images/s"));
            Assert.That(screen.Lines[^1], Does.Contain("3:05 left").And.Length.LessThan(first));
            At(second, () => bar.PrintAbove(line));
            Assert.That(screen.Lines[..^1], Is.EqualTo(lines[..(screen.Lines.Length - 1)]));
        }

        At(first, bar.Clear);
        Assert.That(screen.Lines, Is.EqualTo(lines));

        void At(int width, Action action)
        {
            terminal.Profile.Width = screen.Columns = width;
            action();
            screen.Send(writer.ToString());
            writer.GetStringBuilder().Clear();
        }
    }

    private string[] Arguments(string verb) => verb switch
    {
        "devices" => ["devices"],
        "info --verify" => ["info", SharedRun.Path, "--verify"],
        "export" => ["export", SharedRun.Path, "--overwrite", "--output", _folder.File("model.safetensors")],
        "evaluate" => ["evaluate", SharedRun.Path, "--classifier", _classifier],
        "compare" =>
        [
            "compare", "--seeds", "1", "--epochs", "1", "--data", SharedRun.Data, "--classifier", _classifier, "--accelerator", "cpu",
            "--output", _folder.File("compare"),
        ],
        _ => [verb, SharedRun.Path],
    };

    /// <summary>Removes the colon after a column's name, which blocks of one row have.</summary>
    private static IEnumerable<string> Words(string text)
        => text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.TrimEnd(':'));

    [GeneratedRegex(@"^\d+\.\d+$")]
    private static partial Regex Decimal();

    [GeneratedRegex("^(epoch [0-9]+/|before training)")]
    private static partial Regex Epoch();
}
