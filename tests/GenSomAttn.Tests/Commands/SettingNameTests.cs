using System.CommandLine;
using System.Text.RegularExpressions;
using GenSomAttn.Cli;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Names of settings in messages: keys of config.json in the model, options on the command line.</summary>
public sealed partial class SettingNameTests
{
    [Test]
    public void MessageWith_NamesInAndAroundANestedText_RenamesAll()
    {
        SettingName end = new(nameof(TrainingSettings.SigmaEnd));
        FormattableString range = $"at most {new SettingName(nameof(TrainingSettings.SigmaStart))}, {1.5}";
        SettingException exception = new($"{end} {2.5} is out of range: give {range}.");

        Assert.That(exception.Message, Is.EqualTo("sigma_end 2.5 is out of range: give at most sigma_start, 1.5."));
        Assert.That(
            exception.MessageWith(name => $"<{name.Property}>"),
            Is.EqualTo("<SigmaEnd> 2.5 is out of range: give at most <SigmaStart>, 1.5."));
    }

    [Test]
    public void SettingNames_InTheSources_AreOptions()
    {
        // The command line replaces a name by the option of the same name.
        string[] names =
        [
            .. Sources().SelectMany(path => Named().Matches(File.ReadAllText(path)))
                .Select(match => match.Groups.Values.Skip(1).First(group => group.Success).Value.Split('.')[^1]).Distinct(),
        ];
        IEnumerable<Option> declared = Commands(CommandLine.BuildRoot()).SelectMany(command => command.Options);
        HashSet<string> options = [.. declared.Select(option => option.Name)];

        Assert.That(names, Does.Contain("LearningRate").And.Contain("Temperature").And.Contain("CheckpointMinutes").And.Contain("Unit"));
        Assert.That(names.Where(name => !options.Contains($"--{new SettingName(name).ToString().Replace('_', '-')}")), Is.Empty);
    }

    [Test]
    public void Options_InTextsBelowTheCommandLine_AreNowhere()
    {
        // But for the data, whose messages help with the option of their remedy.
        string data = $"{Path.DirectorySeparatorChar}Data{Path.DirectorySeparatorChar}";
        string[] folders =
            ["src/GenSomAttn.Model", "src/GenSomAttn.Engine", "src/GenSomAttn.Backends", "src/GenSomAttn.Formats", "kernels"];
        IEnumerable<string> found = folders
            .SelectMany(folder => Directory.EnumerateFiles(
                Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.Contains(data, StringComparison.Ordinal))
            .Where(path => OptionInText().IsMatch(File.ReadAllText(path)));

        Assert.That(found, Is.Empty);
        Assert.That(OptionInText().IsMatch("\"give a smaller --limit\""), Is.True);
    }

    private static IEnumerable<Command> Commands(Command root) => root.Subcommands.SelectMany(Commands).Prepend(root);

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "GenSomAttn.Model"), "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex("""(?:SettingName\(|\(?new\(|Check\w*\(\s*|, new\()(?:nameof\(([\w.]+)\)|"([A-Z]\w*)")""")]
    private static partial Regex Named();

    [GeneratedRegex("""\"[^"\n]*(?<!<!)--[a-z]""")]
    private static partial Regex OptionInText();
}
