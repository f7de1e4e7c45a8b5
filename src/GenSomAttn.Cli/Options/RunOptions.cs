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
    private readonly Option<string> _data = verb.Declare(ValueForms.Path.CreateOption(
        "--data", "Folder of the data set. Default: that of the training. Example: --data data/fashion-mnist"));

    private readonly Option<bool> _skipBroken = verb.Declare(CommonOptions.SkipBroken());
    private readonly Option<bool> _allowNonFinite = verb.Declare(CommonOptions.AllowNonFinite());
    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Opens the run that the command line names.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="check">Refuses other options that do not apply to this run, before any work starts.</param>
    /// <param name="inTrainingOrder">Whether the units keep the checkpoint's order, not that in which maps are shown.</param>
    public TrainedRun Open(ParseResult parse, Action<RunDirectory, TrainingSettings>? check = null, bool inTrainingOrder = false)
    {
        RunDirectory directory = RunDirectory.Open(parse.GetRequiredValue(_run));
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
    public Dataset LoadDataset(ParseResult parse, TrainedRun run) => run.LoadDataset(parse.GetValue(_data), parse.GetValue(_skipBroken));

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

        string folder = loaded is null ? DataFolder(parse, run) : Path.GetFullPath(run.Config.Data);
        bool isLoaded = loaded is not null && DataFolder(parse, run) == folder;
        try
        {
            Dataset? dataset = isLoaded ? null : run.LoadDataset(folder, parse.GetValue(_skipBroken));
            return dataset is not null && run.IsOwn(dataset)
                ? (dataset.Train, null)
                : (null, $"{folder} does not hold the images that the run was trained on");
        }
        catch (DataException exception)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>Returns the folder that <see cref="LoadDataset"/> reads.</summary>
    public string DataFolder(ParseResult parse, TrainedRun run) =>
        Path.GetFullPath(DataFolders.Resolve(parse.GetValue(_data) ?? run.Config.Data));

    /// <summary>Returns whether to print the result as JSON.</summary>
    public bool Json(ParseResult parse) => parse.GetValue(_json);
}
