using System.CommandLine;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Verbs;

/// <summary>info: what a run is and how far it came.</summary>
internal static class InfoVerb
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Argument<string> run = CommonOptions.Run();
        Option<bool> json = CommonOptions.Json();
        var verb = new Command("info", "Shows the configuration, the parameters and the scores of a run. Example: info 7") { run, json };
        verb.SetAction(parse => Run(parse.GetRequiredValue(run), parse.GetValue(json)));
        return verb;
    }

    private static int Run(string pathOrNumber, bool json)
    {
        RunDirectory run = RunDirectory.Open(pathOrNumber);
        RunConfig config = RunConfig.Load(run.ConfigPath);
        Checkpoint checkpoint = run.LoadCheckpoint();
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
        ScoreTable.Print("settings", config.Settings);
        ScoreTable.Print("parameters", parameters);
        if (metrics.Count > 0)
        {
            ScoreTable.Print("score", metrics[^1]);
        }

        return ExitCodes.Done;
    }
}
