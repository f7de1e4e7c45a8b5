using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Output of --dry-run: the plan of a training without training.</summary>
internal static class DryRun
{
    /// <summary>Prints the configuration, the parameters and the memory.</summary>
    public static void Print(RunConfig config, Trainer trainer, Dataset dataset, bool json)
    {
        IReadOnlyDictionary<string, long> parameters = ParameterCounts.Of(trainer.Model.Export());
        var size = new
        {
            TrainingImages = dataset.Train.Count,
            TestImages = dataset.Test.Count,
            dataset.Train.Shape.Side,
            dataset.Train.Shape.Channels,
            Steps = trainer.TotalSteps,
            trainer.DeviceBytes,
        };
        if (json)
        {
            JsonOutput.Write(new { Config = config, Parameters = parameters, Size = size });
            return;
        }

        ScoreTable.Print("configuration", config);
        ScoreTable.Print("settings", config.Settings);
        ScoreTable.Print("parameters", parameters);
        ScoreTable.Print("size", size);
    }
}
