using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Options;

/// <summary>What the verbs that read a trained run have in common: which run, and what computes.</summary>
internal sealed class RunOptions
{
    private readonly Argument<string> _run = CommonOptions.Run();
    private readonly Option<string> _accelerator = CommonOptions.Accelerator();
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<int> _device = CommonOptions.Device();
    private readonly Option<string> _data = ValueForms.Path.CreateOption(
        "--data", "Folder of the data set. Default: that of the training. Example: --data data/fashion-mnist");

    private readonly Option<bool> _skipBroken = CommonOptions.SkipBroken();
    private readonly Option<bool> _allowNonFinite = CommonOptions.AllowNonFinite();
    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>Puts them into a verb.</summary>
    public void AddTo(Command verb)
    {
        verb.Add(_run);
        verb.Add(_accelerator);
        verb.Add(_threads);
        verb.Add(_device);
        verb.Add(_data);
        verb.Add(_skipBroken);
        verb.Add(_allowNonFinite);
        verb.Add(_json);
    }

    /// <summary>Opens the run that was named.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="check">Refuses other options that make no sense for this run, before anything starts.</param>
    public TrainedRun Open(ParseResult parse, Action<RunDirectory, TrainingSettings>? check = null)
    {
        RunDirectory directory = RunDirectory.Open(parse.GetRequiredValue(_run));
        var config = RunConfig.Load(directory.ConfigPath);
        Checkpoint checkpoint = directory.LoadCheckpoint(parse.GetValue(_allowNonFinite));
        check?.Invoke(directory, checkpoint.Settings);
        IBackend backend = AcceleratorSelection.Open(
            parse.GetValue(_accelerator) ?? "auto", parse.GetValue(_threads), parse.GetValue(_device));
        return TrainedRun.Open(directory, config, checkpoint, backend);
    }

    /// <summary>Loads the data that were named, or those of the training.</summary>
    public Dataset LoadDataset(ParseResult parse, TrainedRun run) => run.LoadDataset(parse.GetValue(_data), parse.GetValue(_skipBroken));

    /// <summary>The folder that <see cref="LoadDataset"/> reads.</summary>
    public string DataFolder(ParseResult parse, TrainedRun run) => Path.GetFullPath(parse.GetValue(_data) ?? run.Config.Data);

    /// <summary>Whether the result shall be JSON.</summary>
    public bool Json(ParseResult parse) => parse.GetValue(_json);
}
