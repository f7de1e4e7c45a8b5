using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Options;

/// <summary>Options of the verbs that read a trained run: run, backend, data and output format.</summary>
/// <param name="verb">The verb that has these options.</param>
internal sealed class RunOptions(Command verb)
{
    private readonly Argument<string> _run = verb.Declare(CommonOptions.Run());
    private readonly DefaultedOption<string> _accelerator = verb.Declare(CommonOptions.Accelerator());
    private readonly DefaultedOption<int> _threads = verb.Declare(CommonOptions.Threads());
    private readonly DefaultedOption<int> _device = verb.Declare(CommonOptions.Device());
    private readonly Option<string[]> _data = verb.Declare(CommonOptions.DataOfRun());

    private readonly Option<bool> _skipBroken = verb.Declare(CommonOptions.SkipBroken());
    private readonly Option<bool> _allowNonFinite = verb.Declare(CommonOptions.AllowNonFinite());
    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Opens the folder of the run that the command line names.</summary>
    public RunDirectory Directory(ParseResult parse) => RunDirectory.Open(parse.GetRequiredValue(_run));

    /// <summary>Reads the newest checkpoint of the run, without a backend.</summary>
    public Checkpoint Checkpoint(ParseResult parse) => Directory(parse).LoadCheckpoint(parse.GetValue(_allowNonFinite));

    /// <summary>Refuses an accelerator that is asked for and absent, of a command that does not always compute.</summary>
    public void CheckAccelerator(ParseResult parse)
    {
        if (parse.GetResult(_accelerator) is not null || parse.GetResult(_device) is not null)
        {
            AcceleratorSelection.Open(parse.Get(_accelerator), parse.Get(_threads), parse.Get(_device)).Dispose();
        }
    }

    /// <summary>Opens the run that the command line names.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="check">Refuses other options that do not apply to this run, before any work starts.</param>
    /// <param name="inTrainingOrder">Whether the units keep the checkpoint's order, not that in which maps are shown.</param>
    public TrainedRun Open(ParseResult parse, Action<RunDirectory, TrainingSettings>? check = null, bool inTrainingOrder = false)
    {
        RunDirectory directory = Directory(parse);
        var config = RunConfig.Load(directory.ConfigPath);
        Checkpoint checkpoint = directory.LoadCheckpoint(parse.GetValue(_allowNonFinite));
        check?.Invoke(directory, checkpoint.Settings);
        Backend<float> backend = AcceleratorSelection.Open(
            parse.Get(_accelerator), parse.Get(_threads), parse.Get(_device));
        return TrainedRun.Open(directory, config, checkpoint, backend, inTrainingOrder);
    }

    /// <summary>Opens a second run on a backend of its own.</summary>
    public TrainedRun OpenOther(ParseResult parse, RunDirectory directory, Checkpoint checkpoint) => TrainedRun.Open(
        directory, RunConfig.Load(directory.ConfigPath), checkpoint,
        AcceleratorSelection.Open(parse.Get(_accelerator), parse.Get(_threads), parse.Get(_device)), inTrainingOrder: false);

    /// <summary>Loads the data of --data, or those of the training.</summary>
    public Dataset LoadDataset(ParseResult parse, TrainedRun run) => run.LoadDataset(parse.Given(_data), parse.GetValue(_skipBroken));

    /// <summary>Lists pictures that are given as files and folders.</summary>
    public PictureFiles ListPictures(ParseResult parse, TrainedRun run, IReadOnlyList<string> paths) =>
        run.ListPictures(paths, parse.GetValue(_skipBroken));

    /// <summary>
    /// Returns the training images of the run, from the data of --data or those of the training; if neither are the run's own data, the
    /// reason.
    /// </summary>
    /// <param name="parse">The command line.</param>
    /// <param name="run">The run.</param>
    /// <param name="loaded">Result of <see cref="LoadDataset"/>; null if it was not loaded.</param>
    public (ImageSet? Images, string? Reason) TrainingImages(ParseResult parse, TrainedRun run, Dataset? loaded)
    {
        if (loaded is not null && run.IsOwn(loaded))
        {
            return (loaded.Train, null);
        }

        DataPaths data = loaded is null ? DataOf(parse, run) : run.Config.Data.Resolve();
        bool isLoaded = loaded is not null && DataOf(parse, run).Equals(data);
        try
        {
            Dataset? dataset = isLoaded ? null : run.LoadDataset(data, parse.GetValue(_skipBroken));
            return dataset is not null && run.IsOwn(dataset)
                ? (dataset.Train, null)
                : (null, $"{data} does not hold the images that the run was trained on");
        }
        catch (DataException exception)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>Returns the data that <see cref="LoadDataset"/> reads.</summary>
    public DataPaths DataOf(ParseResult parse, TrainedRun run) => (parse.Given(_data) ?? run.Config.Data).Resolve();

    /// <summary>Returns whether to print the result as JSON.</summary>
    public bool Json(ParseResult parse) => parse.GetValue(_json);
}
