using System.CommandLine;
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
        ParseResult parse = Parse(arguments);
        bool asksForHelp = parse.Action is { ClearsParseErrors: true };
        if (parse.Errors.Count > 0 && !asksForHelp)
        {
            return ParseErrors.Write(parse, Console.Error);
        }

        try
        {
            // The library's handler of signals would end the process two seconds after the first, saved or not; see StopSignals.
            return parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception)
        {
            return ErrorReport.Write(exception, parse.GetValue(CommonOptions.Verbose), Console.Error);
        }
    }
}
