using System.Text.Json;
using System.Text.RegularExpressions;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>What every command owes whoever runs it.</summary>
internal static partial class CommandAssert
{
    /// <summary>The command failed as it should: this code, nothing on stdout, a few plain lines on stderr that hold these words.</summary>
    public static void Fails(int code, string[] arguments, params string[] words)
    {
        ProgramRun run = ProgramRun.Of(arguments);
        string what = $"{string.Join(' ', arguments)}\n{run.Error}";
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(run.ExitCode, Is.EqualTo(code), what);
            Assert.That(run.Output, Is.Empty, what);
            Assert.That(lines.Count(line => line.StartsWith("error: ", StringComparison.Ordinal)), Is.EqualTo(1), what);
            Assert.That(lines, Has.Length.LessThanOrEqualTo(3), what);
            Assert.That(run.Error, Does.Not.Contain("   at "), what);

            // A folder that a message names may be called as the program is.
            string withoutPaths = run.Error.Replace(Repository.Root, "", StringComparison.Ordinal);
            Assert.That(InsideOfTheProgram().Match(withoutPaths).Value, Is.Empty, what);
            Assert.That(words.Where(word => !run.Error.Contains(word, StringComparison.Ordinal)), Is.Empty, what);
        }
    }

    /// <summary>The command succeeded and printed exactly one JSON document, which it gives back.</summary>
    public static JsonElement PrintsJson(params string[] arguments) => Json(ProgramRun.Of([.. arguments, "--json"]));

    /// <summary>All of stdout as one JSON document, without anything before or after it.</summary>
    public static JsonElement Json(ProgramRun run)
    {
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }

    /// <summary>The command succeeded; what it did.</summary>
    public static ProgramRun Succeeds(params string[] arguments)
    {
        ProgramRun run = ProgramRun.Of(arguments);
        Assert.That(run.ExitCode, Is.Zero, $"{string.Join(' ', arguments)}\n{run.Error}");
        return run;
    }

    /// <summary>The file is a PNG file.</summary>
    public static void IsPicture(string path)
        => Assert.That(File.ReadAllBytes(path).Take(8), Is.EqualTo([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]), path);

    /// <summary>Names of types, and what .NET writes behind the message of a wrong argument.</summary>
    [GeneratedRegex(@"\b(System|GenSomAttn|Microsoft)\.[A-Z]\w*|\w+Exception\b|\(Parameter '|Actual value was")]
    private static partial Regex InsideOfTheProgram();
}
