using System.CommandLine;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Options;

/// <summary>Checkpoint interval, progress and output options of train, resume and compare.</summary>
/// <param name="verb">The verb that has these options.</param>
internal sealed class TrainingRunOptions(Command verb)
{
    private readonly Option<double> _checkpointMinutes = verb.Declare(ValueForms.Number.CreateOption(
        "--checkpoint-minutes", ValueForms.HelpText(
            "Minutes between two checkpoints within an epoch, beside those after each epoch; 0 for none.",
            $"{RunConfig.DefaultCheckpointMinutes}, or that of the run", "--checkpoint-minutes 2.5")));

    private readonly Option<bool> _noProgress = verb.Declare(new Option<bool>("--no-progress")
    {
        Description = "No bar and no lines about the progress on stderr.",
    });

    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Returns the configuration with the options that were given.</summary>
    public RunConfig Apply(ParseResult parse, RunConfig config) =>
        config with { CheckpointMinutes = parse.Given(_checkpointMinutes) ?? config.CheckpointMinutes };

    /// <summary>Returns whether to print the result as JSON.</summary>
    public bool Json(ParseResult parse) => parse.GetValue(_json);

    /// <summary>Creates the progress display: a bar on a terminal, else lines.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="epochs">Epochs of the training.</param>
    /// <param name="imagesPerEpoch">Training images.</param>
    public ITrainingProgress Progress(ParseResult parse, int epochs, int imagesPerEpoch)
    {
        if (parse.GetValue(_noProgress))
        {
            return new NoProgress();
        }

        return !Console.IsErrorRedirected && Consoles.Error() is { Profile.Capabilities.Ansi: true } terminal
            ? new BarProgress(terminal, epochs, imagesPerEpoch)
            : new LineProgress(Console.Error, epochs, imagesPerEpoch);
    }
}
