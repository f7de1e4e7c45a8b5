using System.CommandLine;
using System.Text;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Verbs;

/// <summary>info: configuration, parameters and scores of a run.</summary>
internal sealed class InfoVerb(Command verb)
{
    private readonly Argument<string> _run = verb.Declare(CommonOptions.Run());
    private readonly Option<bool> _verify = verb.Declare(new Option<bool>("--verify")
    {
        Description = "Check every file of the run instead, and end with exit code 3 if one is damaged. Example: info 7 --verify",
    });

    private readonly Option<bool> _curves = verb.Declare(new Option<bool>("--curves")
    {
        Description = "Draw the curves of losses, errors, topographic errors, used units and rates instead, as RUN/curves.svg. "
            + "Example: info 7 --curves",
    });

    private readonly Option<string> _beside = verb.Declare(ValueForms.Path.CreateOption(
        "--beside", "Another run, whose curves are dashed in the same charts, as RUN/curves-beside.svg. Default: none. "
        + "Example: info 7 --curves --beside 8"));

    private readonly Option<bool> _allowNonFinite = verb.Declare(CommonOptions.AllowNonFinite());
    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command("info", "Shows the configuration, the parameters and the scores of a run. Example: info 7");
        verb.SetAction(new InfoVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        RunDirectory directory = RunDirectory.Open(parse.GetRequiredValue(_run));
        if (parse.GetValue(_curves))
        {
            return parse.GetValue(_verify)
                ? throw new UsageException("--curves and --verify are two commands: give one of them.")
                : DrawCurves(directory, parse.GetValue(_beside), parse.GetValue(_json));
        }

        if (parse.GetValue(_beside) is not null)
        {
            throw new UsageException("--beside needs --curves: the curves of two runs are drawn in the same charts.");
        }

        return parse.GetValue(_verify)
            ? Verify(directory, parse.GetValue(_json))
            : Show(directory, parse.GetValue(_allowNonFinite), parse.GetValue(_json));
    }

    private static int DrawCurves(RunDirectory run, string? beside, bool json)
    {
        RunDirectory[] runs = beside is null ? [run] : [run, RunDirectory.Open(beside)];
        string file = beside is null ? run.CurvesPath : Path.Combine(run.Path, "curves-beside.svg");
        CurveSource[] sources = [.. runs.Select(each => new CurveSource(each.Name, each.Metrics.Read(), each.Losses.Read()))];
        run.SaveFile(file, Encoding.UTF8.GetBytes(ScoreCurves.ToSvg(sources)));
        if (json)
        {
            JsonOutput.Write(new { Run = run.Path, File = file });
        }
        else
        {
            Console.Out.WriteLine(file);
        }

        return ExitCodes.Done;
    }

    private static int Verify(RunDirectory run, bool json)
    {
        IReadOnlyList<VerifiedFile> files = RunVerifier.Verify(run);
        bool isIntact = files.All(file => file.Verdict != FileVerdict.Damaged);
        if (json)
        {
            JsonOutput.Write(new { Run = run.Path, Intact = isIntact, Files = files });
        }
        else
        {
            VerifiedFileTable.Print(files);
        }

        return isIntact ? ExitCodes.Done : ExitCodes.DataOrFile;
    }

    private static int Show(RunDirectory run, bool allowNonFinite, bool json)
    {
        RunConfig config = RunConfig.Load(run.ConfigPath);
        Checkpoint checkpoint = run.LoadCheckpoint(allowNonFinite);
        IReadOnlyDictionary<string, long> parameters = ParameterCounts.Of(checkpoint.Tensors);
        IReadOnlyList<EpochMetrics> metrics = run.Metrics.Read();
        var state = new { Run = run.Path, checkpoint.Epoch, checkpoint.Step, checkpoint.DatasetSha256 };
        if (json)
        {
            JsonOutput.Write(new
            {
                state.Run,
                state.Epoch,
                state.Step,
                state.DatasetSha256,
                Config = config,
                Parameters = parameters,
                Metrics = metrics,
            });
            return ExitCodes.Done;
        }

        ScoreTable.Print("run", state);
        ScoreTable.Print("configuration", config);
        if (config.Init is { } init)
        {
            ScoreTable.Print("init", init);
        }

        ScoreTable.Print("settings", config.Settings);
        ScoreTable.Print("parameters", parameters);
        if (metrics.Count > 0)
        {
            ScoreTable.PrintScores(metrics[^1]);
        }

        return ExitCodes.Done;
    }
}
