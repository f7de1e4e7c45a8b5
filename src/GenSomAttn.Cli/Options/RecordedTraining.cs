using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Options;

/// <summary>Options of the verbs that train from the config.json of a run: run, backend, data, and those of every training.</summary>
/// <param name="verb">The verb that has these options.</param>
internal sealed class RecordedTraining(Command verb)
{
    private readonly Argument<string> _run = verb.Declare(CommonOptions.Run());
    private readonly BackendOptions _backend = new(verb);
    private readonly Option<string[]> _data = verb.Declare(ValueForms.Path.CreateRepeatedOption(
        "--data", "The training's data set, if it has moved; given several times, all sets in their order. Default: that of the run. "
        + "Example: --data data/fashion-mnist"));

    /// <summary>Checkpoint interval, progress and output.</summary>
    public TrainingRunOptions Training { get; } = new(verb);

    /// <summary>Opens the run; its configuration has the options that were given.</summary>
    /// <exception cref="Formats.FileException">The run or its configuration cannot be read.</exception>
    public (RunDirectory Run, RunConfig Config) Open(ParseResult parse)
    {
        RunDirectory run = RunDirectory.Open(parse.GetRequiredValue(_run));
        RunConfig config = Training.Apply(parse, _backend.Apply(parse, RunConfig.Load(run.ConfigPath)));
        return (run, config with { Data = parse.Given(_data) ?? config.Data });
    }

    /// <summary>Creates the backend of the configuration.</summary>
    /// <exception cref="Backends.Selection.AcceleratorUnavailableException">It cannot run here.</exception>
    public static Backend<float> OpenBackend(RunConfig config) =>
        AcceleratorSelection.Open(config.Accelerator, config.Threads, config.Device);

    /// <summary>Loads the data of the configuration, in the shape of the training.</summary>
    /// <exception cref="Formats.DataException">The data cannot be used.</exception>
    public static Dataset LoadData(RunConfig config, StopSignals signals)
    {
        DataOptions options = config.Settings.ToDataOptions() with { AdvisesSkipping = false };
        return signals.WaitFor(() => DataLoading.Load(config.Data, options));
    }
}
