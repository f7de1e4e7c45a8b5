using System.CommandLine;
using System.CommandLine.Parsing;
using GenSomAttn.Cli.Execution;

namespace GenSomAttn.Cli;

/// <summary>Error messages for invalid command lines: two lines on stderr, no help text.</summary>
internal static class ParseErrors
{
    private const int LettersPerSlip = 3;

    /// <summary>
    /// Returns the arguments with an option without its value (--output=) split into the option and an empty value: the parser would take
    /// the next argument as the value.
    /// </summary>
    public static string[] KeepEmptyValues(IEnumerable<string> arguments) =>
    [
        .. from argument in arguments
           let isEmpty = argument.StartsWith('-') && argument.IndexOfAny(['=', ':']) == argument.Length - 1
           from word in isEmpty ? [argument[..^1], ""] : new[] { argument }
           select word,
    ];

    /// <summary>Writes the first error and returns the exit code.</summary>
    public static int Write(ParseResult parse, TextWriter error)
    {
        Command command = parse.CommandResult.Command;
        bool isRoot = command is RootCommand;
        error.WriteLine($"error: {Describe(parse, command, isRoot)}");
        error.WriteLine(isRoot
            ? $"'{Invocation.Command("--help")}' lists the commands."
            : $"'{Invocation.Command($"{command.Name} --help")}' lists its options.");
        return ExitCodes.Usage;
    }

    private static string Describe(ParseResult parse, Command command, bool isRoot)
    {
        IReadOnlyList<string> strays = parse.UnmatchedTokens;
        IEnumerable<string> given = parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Select(token => token.Value);
        string? stray = strays.Concat(given).FirstOrDefault(token => token.StartsWith('-')) ?? (strays.Count > 0 ? strays[0] : null);
        if (stray is not null)
        {
            bool isOption = stray.StartsWith('-');
            string kind = isOption ? "option" : isRoot ? "command" : "argument";
            string place = isRoot ? "" : $" of '{command.Name}'";
            IEnumerable<string> known = isOption ? OptionNames(parse) : command.Subcommands.Select(verb => verb.Name);
            string? close = known.MinBy(name => Distance(name, stray));
            string hint = close is not null && IsSlip(close, stray) ? $" Did you mean '{close}'?" : "";
            bool isProgram = isRoot && stray.EndsWith(".cs", StringComparison.Ordinal) && File.Exists(stray);
            hint = isProgram ? $" It is a program of its own: dotnet run --file {stray}" : hint;
            return $"unknown {kind} '{stray}'{place}.{hint}";
        }

        if (isRoot)
        {
            return $"no command given. Commands: {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}.";
        }

        return parse.Errors[0].Message;
    }

    /// <summary>Returns the options of the command and the root's options, which every verb accepts.</summary>
    private static IEnumerable<string> OptionNames(ParseResult parse)
        => parse.CommandResult.Command.Options
            .Concat(parse.RootCommandResult.Command.Options.Where(option => option.Recursive))
            .Select(option => option.Name);

    /// <summary>Returns whether at most a third of the letters differ; the dashes of an option do not count.</summary>
    private static bool IsSlip(string known, string stray)
        => Distance(known, stray) <= stray.TrimStart('-').Length / LettersPerSlip;

    /// <summary>
    /// Returns the edit distance: insertions, deletions, replacements and swaps of neighbors (optimal string alignment), case-insensitive.
    /// </summary>
    private static int Distance(string known, string typed)
    {
        (string a, string b) = (known.ToUpperInvariant(), typed.ToUpperInvariant());
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        int[] above = new int[row.Length];
        for (int i = 1; i <= a.Length; i++)
        {
            (int[] twoAbove, above) = (above, row);
            row = new int[above.Length];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
                bool isSwapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                row[j] = isSwapped ? Math.Min(row[j], twoAbove[j - 2] + 1) : row[j];
            }
        }

        return row[b.Length];
    }
}
