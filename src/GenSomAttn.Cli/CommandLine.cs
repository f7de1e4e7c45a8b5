using System.CommandLine;
using System.CommandLine.Help;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Verbs;

namespace GenSomAttn.Cli;

/// <summary>From arguments to an exit code: parses, runs the verb, and turns whatever goes wrong into a message and a code.</summary>
internal static class CommandLine
{
    /// <summary>Runs the program.</summary>
    public static int Run(string[] arguments)
    {
        using var streams = new StandardStreams();
        return streams.ExitCode(Invoke(arguments));
    }

    /// <summary>All commands with their options.</summary>
    public static RootCommand BuildRoot()
    {
        var root = new RootCommand(
            "A generative self-organizing map with attention for images, in C# alone. Each command has its own --help.")
        {
            TrainVerb.Create(),
            ResumeVerb.Create(),
            GenerateVerb.Create(),
            MapVerb.Create(),
            EvaluateVerb.Create(),
            CompareVerb.Create(),
            InfoVerb.Create(),
            ExportVerb.Create(),
            DevicesVerb.Create(),
            DoctorVerb.Create(),
            GradcheckVerb.Create(),
            BenchVerb.Create(),
        };
        root.Options.Add(CommonOptions.Verbose);
        return root;
    }

    /// <summary>What the arguments say, right or wrong.</summary>
    public static ParseResult Parse(string[] arguments) => BuildRoot().Parse(
        ParseErrors.KeepEmptyValues(arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static int Invoke(string[] arguments)
    {
        // As other programs have it: "help train".
        ParseResult parse = Parse(arguments is ["help", .. string[] about] ? [.. about, "--help"] : arguments);
        bool asksForHelp = parse.Action is { ClearsParseErrors: true };

        // The help of all is no answer to --help of a verb that does not exist.
        bool isAboutNoVerb = parse.CommandResult.Command is RootCommand && parse.UnmatchedTokens.Any(token => !token.StartsWith('-'));
        if (asksForHelp ? isAboutNoVerb : parse.Errors.Count > 0)
        {
            return ParseErrors.Write(parse, Console.Error);
        }

        try
        {
            // The library's handler of signals would end the process two seconds after the first, saved or not; see StopSignals.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return parse.Action is HelpAction help ? ShowHelp(help, parse, configuration) : parse.Invoke(configuration);
        }
        catch (Exception exception)
        {
            return ErrorReport.Write(exception, parse.GetValue(CommonOptions.Verbose), Console.Error);
        }
    }

    /// <summary>The library calls the program by its file's name, by which nobody may be able to start it, and breaks words.</summary>
    private static int ShowHelp(HelpAction help, ParseResult parse, InvocationConfiguration configuration)
    {
        using var text = new StringWriter();
        configuration.Output = text;
        help.MaxWidth = int.MaxValue;
        int code = parse.Invoke(configuration);
        string named = text.ToString()
            .Replace($"\n  {RootCommand.ExecutableName} ", $"\n  {Invocation.Command("")}", StringComparison.Ordinal);
        foreach (string line in HelpLayout.Lines(named, Consoles.OutputWidth))
        {
            Console.Out.WriteLine(line);
        }

        return code;
    }
}
