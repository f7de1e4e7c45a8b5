using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Verbs;

/// <summary>train: trains a model into a new run directory.</summary>
internal sealed class TrainVerb
{
    private readonly IReadOnlyList<SettingOption> _settings = SettingOptions.CreateAll();
    private readonly Option<string> _accelerator = CommonOptions.Accelerator();
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<int> _device = CommonOptions.Device();
    private readonly Option<string> _data = ValueForms.Path.CreateOption(
        "--data", "Folder with a data set in MNIST's four files. Default: data/fashion-mnist. Example: --data /data/kmnist");

    private readonly Option<string> _output = ValueForms.Path.CreateOption(
        "--output", "Folder that the run directory is made in. Default: runs. Example: --output /tmp/runs");

    private readonly Option<string> _config = ValueForms.Path.CreateOption(
        "--config", "A run's config.json, or a file with some of its keys; options that are given win over it. "
        + "Default: none. Example: --config runs/0007-somattn-12x12-s42/config.json");

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Print the whole configuration, the parameters and the memory that it would take, and stop.",
    };

    private readonly Option<bool> _noProgress = new("--no-progress") { Description = "No bar and no lines about the progress on stderr." };
    private readonly Option<bool> _json = CommonOptions.Json();

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var train = new TrainVerb();
        var verb = new Command(
            "train",
            "Trains a model into a new run directory. SIGINT, SIGTERM and SIGHUP stop it after the current step; it saves first. "
            + "Example: train --epochs 5 --map 10x10");
        foreach (SettingOption setting in train._settings)
        {
            verb.Add(setting.Option);
        }

        Option[] others =
        [
            train._accelerator, train._device, train._threads, train._data, train._output, train._config, train._dryRun, train._noProgress,
            train._json,
        ];
        foreach (Option option in others)
        {
            verb.Add(option);
        }

        verb.SetAction(train.Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        RunConfig config = Resolve(parse);
        bool json = parse.GetValue(_json);
        bool isDryRun = parse.GetValue(_dryRun);
        using IBackend backend = Accelerators.Open(config.Accelerator, config.Threads, config.Device);
        config = config with { Accelerator = backend.Name };

        // One processor reads the data, another compiles what the training will run.
        Task<Dataset> reading = Task.Run(() => Dataset.Load(config.Data, config.Settings.Limit));
        if (!isDryRun)
        {
            WarmUp.Run(backend, config.Settings);
        }

        Dataset dataset = reading.GetAwaiter().GetResult();
        using Trainer trainer = Trainers.Create(backend, config.Settings, dataset);
        if (isDryRun)
        {
            DryRun.Print(config, trainer, dataset, json);
            return ExitCodes.Done;
        }

        using var signals = new StopSignals();
        var session = new TrainingSession(config, trainer, RunPictures.Reals(dataset.Test), signals);
        ITrainingProgress progress = CreateProgress(parse, config.Settings, dataset.Train.Count);
        return session.Run(parse.GetValue(_output) ?? "runs", progress, json);
    }

    /// <summary>Defaults, then the configuration file, then the options.</summary>
    private RunConfig Resolve(ParseResult parse)
    {
        var config = new RunConfig
        {
            Model = "somattn",
            Settings = new TrainingSettings(),
            Data = DataFolders.Default(),
            Accelerator = "auto",
            Threads = 0,
            Version = ProgramInfo.Version,
            Commit = ProgramInfo.Commit,
            CommandLine = ProgramInfo.CommandLine,
        };
        if (parse.GetValue(_config) is { } path)
        {
            RunConfig file = PartialConfig.Apply(config, path);
            config = file with { Version = config.Version, Commit = config.Commit, CommandLine = config.CommandLine };
        }

        config = config with
        {
            Settings = _settings.Aggregate(config.Settings, (settings, setting) => setting.Apply(parse, settings)),
            Data = parse.GetValue(_data) ?? config.Data,
            Accelerator = parse.GetValue(_accelerator) ?? config.Accelerator,
            Threads = parse.GetResult(_threads) is null ? config.Threads : parse.GetValue(_threads),
            Device = parse.GetResult(_device) is null ? config.Device : parse.GetValue(_device),
        };
        return UsageException.Check(() =>
        {
            config.Validate();
            return config.Threads == 0 ? config with { Threads = Environment.ProcessorCount } : config;
        });
    }

    private ITrainingProgress CreateProgress(ParseResult parse, TrainingSettings settings, int imagesPerEpoch)
    {
        if (parse.GetValue(_noProgress))
        {
            return new NoProgress();
        }

        return Console.IsErrorRedirected
            ? new LineProgress(Console.Error, settings.Epochs, imagesPerEpoch)
            : new BarProgress(Consoles.Error(), settings.Epochs, imagesPerEpoch);
    }
}
