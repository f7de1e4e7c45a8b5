using System.Diagnostics;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace GenSomAttn.Tests.Support;

/// <summary>The program on a pseudo-terminal, opened by `script` (of bsdutils).</summary>
internal static partial class PseudoTerminal
{
    /// <summary>Runs the program in the root of the repository with only stdout on a terminal; returns the terminal's input.</summary>
    public static string Output(int columns, params string[] arguments) => Run(columns, "2>/dev/null", arguments);

    /// <summary>Runs the program with stdout and stderr on a terminal; returns the terminal's input.</summary>
    public static string All(int columns, params string[] arguments) => Run(columns, "", arguments);

    /// <summary>Returns the lines without escape sequences.</summary>
    public static string[] Lines(string sent) => Sequences().Replace(sent, "").Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');

    private static string Run(int columns, string redirection, string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "GenSomAttn.Native.dll");
        IEnumerable<string> words = new[] { "dotnet", program }.Concat(arguments)
            .Select(word => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'");
        ProcessStartInfo start = new(
            "script", ["-qec", $"stty rows 50 cols {columns}; {string.Join(' ', words)} {redirection}", "/dev/null"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["SHELL"] = "/bin/sh";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output + error.Result);
        return output;
    }

    [GeneratedRegex(@"\e(\[[0-9;?]*[A-Za-z]|[=>])")]
    private static partial Regex Sequences();
}
