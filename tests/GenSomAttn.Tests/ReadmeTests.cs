using System.Text.RegularExpressions;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests;

/// <summary>Commands and links in the READMEs and the pages of docs are valid.</summary>
public sealed partial class ReadmeTests
{
    [Test]
    public void Readmes_CommandsOfTheProgram_HaveTheirVerbsAndOptions()
    {
        foreach ((string readme, string command) in Commands())
        {
            string[] words = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            ProgramRun help = ProgramRun.Of(words[0], "--help-all");

            // An unknown verb is refused with exit code 2.
            Assert.That(help.ExitCode, Is.Zero, $"{readme}: {command}");
            foreach (string option in words.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            {
                Assert.That(Regex.IsMatch(help.Output, $@"(^|\s|,){option}(\s|$|,)"), Is.True, $"{readme}: {option} of {command}");
            }
        }
    }

    [Test]
    public void Readmes_Links_LeadToFiles()
    {
        foreach (string readme in Readmes())
        {
            string folder = Path.GetDirectoryName(readme)!;
            foreach (Match link in Link().Matches(File.ReadAllText(readme)))
            {
                string target = Path.Combine(folder, link.Groups[1].Value);
                Assert.That(Path.Exists(target), Is.True, $"{readme}: {target}");
            }
        }
    }

    /// <summary>Finds the commands in code blocks: the text after "dotnet run --".</summary>
    private static IEnumerable<(string Readme, string Command)> Commands() =>
        from readme in Readmes()
        from Match block in Block().Matches(File.ReadAllText(readme))
        from Match command in Command().Matches(block.Value)
        where !command.Groups[1].Value.StartsWith("VERB", StringComparison.Ordinal)
        select (readme, command.Groups[1].Value.Trim());

    /// <summary>Lists the README of each folder and the pages of docs.</summary>
    private static IEnumerable<string> Readmes() =>
        Directory.EnumerateFiles(Repository.Root, "*.md", new EnumerationOptions { RecurseSubdirectories = true })
            .Where(path => Path.GetFileName(path) == "README.md" || Path.GetFileName(Path.GetDirectoryName(path)) == "docs")
            .Where(path => !Path.GetRelativePath(Repository.Root, path).StartsWith("artifacts", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>Matches a command up to a comment, a pipe or the end of the line.</summary>
    [GeneratedRegex(@"dotnet run -- ([^#|>\n]+)")]
    private static partial Regex Command();

    /// <summary>Matches links within the repository, without their fragment.</summary>
    [GeneratedRegex(@"\]\((?!https?:|#)([^)#\s]+)")]
    private static partial Regex Link();
}
