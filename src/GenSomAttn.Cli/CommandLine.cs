using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Ranks;
using GenSomAttn.Cli.Verbs;

namespace GenSomAttn.Cli;

/// <summary>The command line: parses arguments, runs the verb, and maps every failure to a message and an exit code.</summary>
internal static partial class CommandLine
{
    /// <summary>Runs the program.</summary>
    public static int Run(string[] arguments)
    {
        using var streams = new StandardStreams();
        return streams.ExitCode(Invoke(arguments));
    }

    /// <summary>Builds the root command with all verbs and their options.</summary>
    public static RootCommand BuildRoot()
    {
        var root = new RootCommand(
            "A generative self-organizing map with attention for images, in C# alone. Each command has its own --help.")
        {
            TrainVerb.Create(),
            ResumeVerb.Create(),
            GenerateVerb.Create(),
            MapVerb.Create(),
            FilmVerb.Create(),
            LocateVerb.Create(),
            ExploreVerb.Create(),
            EvaluateVerb.Create(),
            AdviseVerb.Create(),
            CompareVerb.Create(),
            RunsVerb.Create(),
            ReproduceVerb.Create(),
            NoteVerb.Create(),
            InfoVerb.Create(),
            ExportVerb.Create(),
            PackVerb.Create(),
            DevicesVerb.Create(),
            DoctorVerb.Create(),
            GradcheckVerb.Create(),
            BenchVerb.Create(),
            CompletionVerb.Create(),
        };
        root.Options.Add(CommonOptions.Verbose);
        root.Options.Add(CommonOptions.HelpAll);
        return root;
    }

    /// <summary>Parses the arguments; errors are part of the result.</summary>
    public static ParseResult Parse(string[] arguments) => BuildRoot().Parse(
        ParseErrors.KeepEmptyValues(arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static int Invoke(string[] arguments)
    {
        RankGroup.Begin(arguments.Contains(CommonOptions.Verbose.Name));
        // "help train" is an alias of "train --help", as in other programs.
        bool all = arguments.Contains(HelpGroups.All);
        ParseResult parse = Parse(arguments is ["help", .. string[] about] ? [.. about, "--help"]
            : all ? [.. arguments.Select(word => word == HelpGroups.All ? "--help" : word)] : arguments);
        if (parse.Tokens is [{ Type: TokenType.Directive }, ..])
        {
            // [suggest] of the completion scripts: an incomplete command line is no error.
            return parse.Invoke();
        }

        bool asksForHelp = parse.Action is { ClearsParseErrors: true };

        // --help of an unknown verb is an error, not a request for the general help.
        bool isAboutNoVerb = parse.CommandResult.Command is RootCommand && parse.UnmatchedTokens.Any(token => !token.StartsWith('-'));
        if (asksForHelp ? isAboutNoVerb : parse.Errors.Count > 0)
        {
            return RankGroup.WaitForReport(ParseErrors.Write(parse, Console.Error));
        }

        try
        {
            // The library's signal handler would end the process two seconds after the first signal, saved or not; see StopSignals.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            using var time = new WorkingTime(parse.CommandResult.Command.Name);
            if (parse.Action is HelpAction help)
            {
                return ShowHelp(help, parse, configuration, all);
            }

            RankGroup.CheckVerb(parse.CommandResult.Command.Name);
            int code = parse.Invoke(configuration);
            RankGroup.Leave();
            return code;
        }
        catch (Exception exception)
        {
            return RankGroup.Fail(exception, parse.GetValue(CommonOptions.Verbose));
        }
    }

    /// <summary>
    /// Prints help with a command line that can be run here; the library prints the file's name instead, and breaks words.
    /// </summary>
    private static int ShowHelp(HelpAction help, ParseResult parse, InvocationConfiguration configuration, bool all)
    {
        using var text = new StringWriter();
        configuration.Output = text;
        help.MaxWidth = int.MaxValue;
        int code = parse.Invoke(configuration);
        string named = Usage().Replace(text.ToString(), _ => Invocation.Program);
        foreach (string line in HelpLayout.Lines(HelpGroups.Arrange(named, parse.CommandResult.Command, all), Consoles.OutputWidth))
        {
            Console.Out.WriteLine(line);
        }

        return code;
    }

    /// <summary>Matches the name of the program in the usage line.</summary>
    [GeneratedRegex(@"(?<=^Usage:\r?\n  )\S+", RegexOptions.Multiline)]
    private static partial Regex Usage();
}
