using System.Text.Json;
using System.Text.RegularExpressions;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Assertions on the output and exit code of a command.</summary>
internal static partial class CommandAssert
{
    /// <summary>Asserts a clean failure: the exit code, nothing on stdout, and a few lines on stderr that contain these words.</summary>
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

            // A folder named in the message may have the program's name.
            string withoutPaths = run.Error.Replace(Repository.Root, "", StringComparison.Ordinal);
            Assert.That(InsideOfTheProgram().Match(withoutPaths).Value, Is.Empty, what);
            Assert.That(words.Where(word => !run.Error.Contains(word, StringComparison.Ordinal)), Is.Empty, what);
        }
    }

    /// <summary>Asserts success and exactly one JSON document on stdout; returns it.</summary>
    public static JsonElement PrintsJson(params string[] arguments) => Json(ProgramRun.Of([.. arguments, "--json"]));

    /// <summary>Parses all of stdout as one JSON document.</summary>
    public static JsonElement Json(ProgramRun run)
    {
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }

    /// <summary>Asserts success; returns the result.</summary>
    public static ProgramRun Succeeds(params string[] arguments)
    {
        ProgramRun run = ProgramRun.Of(arguments);
        Assert.That(run.ExitCode, Is.Zero, $"{string.Join(' ', arguments)}\n{run.Error}");
        return run;
    }

    /// <summary>Asserts that the file is a PNG file.</summary>
    public static void IsPicture(string path)
        => Assert.That(File.ReadAllBytes(path).Take(8), Is.EqualTo([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]), path);

    /// <summary>Type names, and the suffix that .NET appends to the message of an ArgumentException.</summary>
    [GeneratedRegex(@"\b(System|GenSomAttn|Microsoft)\.[A-Z]\w*|\w+Exception\b|\(Parameter '|Actual value was")]
    private static partial Regex InsideOfTheProgram();
}
