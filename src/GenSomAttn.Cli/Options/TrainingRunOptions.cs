using System.CommandLine;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;

namespace GenSomAttn.Cli.Options;

/// <summary>What the verbs that train have in common beside settings: how often to save, and what to show.</summary>
internal sealed class TrainingRunOptions
{
    private readonly Option<double> _checkpointMinutes = ValueForms.Number.CreateOption(
        "--checkpoint-minutes", "Minutes between two checkpoints within an epoch, beside those after each epoch; 0 for none. "
        + "Default: 10, or that of the run. Example: --checkpoint-minutes 2.5");

    private readonly Option<bool> _noProgress = new("--no-progress") { Description = "No bar and no lines about the progress on stderr." };
    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Puts them into a verb.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(_checkpointMinutes);
        verb.Add(_noProgress);
        verb.Add(_json);
    }

    /// <summary>Minutes between two checkpoints, if given.</summary>
    public double? CheckpointMinutes(ParseResult parse) =>
        parse.GetResult(_checkpointMinutes) is null ? null : parse.GetValue(_checkpointMinutes);

    /// <summary>Whether the result shall be JSON.</summary>
    public bool Json(ParseResult parse) => parse.GetValue(_json);

    /// <summary>What shows how the training goes.</summary>
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
