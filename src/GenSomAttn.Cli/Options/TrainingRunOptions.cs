using System.CommandLine;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;

namespace GenSomAttn.Cli.Options;

/// <summary>Checkpoint interval, progress and output options of train, resume and compare.</summary>
internal sealed class TrainingRunOptions
{
    private readonly Option<double> _checkpointMinutes = ValueForms.Number.CreateOption(
        "--checkpoint-minutes", "Minutes between two checkpoints within an epoch, beside those after each epoch; 0 for none. "
        + "Default: 10, or that of the run. Example: --checkpoint-minutes 2.5");

    private readonly Option<bool> _noProgress = new("--no-progress") { Description = "No bar and no lines about the progress on stderr." };
    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(_checkpointMinutes);
        verb.Add(_noProgress);
        verb.Add(_json);
    }

    /// <summary>Returns the minutes between two checkpoints; null if not given.</summary>
    public double? CheckpointMinutes(ParseResult parse) =>
        parse.GetResult(_checkpointMinutes) is null ? null : parse.GetValue(_checkpointMinutes);

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
