using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Training;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Verbs;

/// <summary>train: trains a model into a new run directory.</summary>
internal sealed class TrainVerb(Command verb)
{
    private readonly Option<Preset> _preset = verb.Declare(ValueForms.OneOf<Preset>().CreateOption(
        "--preset", "Defaults of the other options: 'report', every value that the report states, its loss too; 'map', order and fidelity "
        + "of the units first, on hexagons; 'samples', generated images first. Options and --config take precedence. Default: default. "
        + "Example: --preset map"));

    private readonly IReadOnlyList<SettingOption> _settings = SettingOptions.AddTo(verb);
    private readonly BackendOptions _backend = new(verb);
    private readonly Option<string> _data = verb.Declare(CommonOptions.Data());

    private readonly DefaultedOption<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "Folder in which the run directory is created.", "runs", "--output /tmp/runs"));

    private readonly Option<string> _config = verb.Declare(ValueForms.Path.CreateOption(
        "--config", "A run's config.json, or a file with some of its keys; options on the command line take precedence. "
        + "Default: none. Example: --config runs/0007-somattn-12x12-s42/config.json"));

    private readonly Option<bool> _dryRun = verb.Declare(new Option<bool>("--dry-run")
    {
        Description = "Print the configuration, the parameter counts and the required memory, and stop.",
    });

    private readonly TrainingRunOptions _training = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "train",
            "Trains a model into a new run directory. SIGINT, SIGTERM and SIGHUP stop the training after the current step and save it; "
            + "'resume' continues it. "
            + "Example: train --epochs 5 --map 10x10");
        var train = new TrainVerb(verb);
        verb.SetAction(parse => StopSignals.Run(signals => train.Run(parse, signals)));
        return verb;
    }

    private int Run(ParseResult parse, StopSignals signals)
    {
        (RunConfig config, FittingDefaults defaults) = Resolve(parse);
        bool json = _training.Json(parse);
        using Backend<float> backend = AcceleratorSelection.Open(config.Accelerator, config.Threads, config.Device);
        config = config with { Accelerator = backend.Name };
        Dataset dataset = signals.WaitFor(() => DataLoading.LoadForTraining(config.Data, config.Settings));
        config = config with
        {
            Settings = UsageException.Check(() => ImageModel.Resolve(
                defaults.WithEpochs(config.Settings, dataset.Train.Count), dataset.Train.Shape)),
            DataSha256 = CheckData(parse, config, dataset),
            DeviceName = backend.Description,
        };
        FittingDefaults.NoteUnits(config.Settings, dataset.Train.Count);
        using Trainer trainer = TrainerFactory.Create(backend, config.Settings, dataset);
        if (parse.GetValue(_dryRun))
        {
            DryRun.Print(config, trainer, dataset, json);
            return ExitCodes.Done;
        }

        signals.Token.ThrowIfCancellationRequested();
        var run = RunDirectory.Create(parse.Get(_output), config.Settings);
        Console.Error.WriteLine($"run directory: {run.Path}");
        using IDisposable held = run.Lock();
        RunStart.Write(run, config, dataset);
        return new TrainingSession(run, config, trainer, dataset, signals).Run(
            _training.Progress(parse, config.Settings.Epochs, dataset.Train.Count), json);
    }

    /// <summary>Refuses data other than those of a given configuration, unless --data names them; returns their SHA-256.</summary>
    private string CheckData(ParseResult parse, RunConfig config, Dataset dataset)
    {
        bool isOther = config.DataSha256.Length > 0 && config.DataSha256 != dataset.Sha256;
        return isOther && parse.GetResult(_data) is null
            ? throw new DataException(
                $"{config.Data} holds other data than the configuration {parse.GetValue(_config)} was written for. "
                + "To train on them nevertheless, name them with --data.")
            : dataset.Sha256;
    }

    private static RunConfig WithPreset(RunConfig config, Preset? preset) =>
        config with { Preset = preset, Settings = Presets.Apply(preset ?? Preset.Default, config.Settings) };

    /// <summary>Merges defaults, preset, configuration file and options, in increasing precedence.</summary>
    private (RunConfig Config, FittingDefaults Defaults) Resolve(ParseResult parse)
    {
        RunConfig config = WithPreset(RunStart.Configuration(new TrainingSettings()), parse.Given(_preset));
        IEnumerable<string> given = _settings.Where(setting => parse.GetResult(setting.Option) is not null).Select(setting => setting.Key);
        if (parse.GetValue(_config) is { } path)
        {
            (RunConfig file, IReadOnlySet<string> keys) = PartialConfig.Apply(config, path);
            if (config.Preset is null && file.Preset is not null)
            {
                file = PartialConfig.Apply(WithPreset(config, file.Preset), path).Config;
            }

            file = file with { Preset = config.Preset ?? file.Preset };
            given = given.Concat(keys);
            config = file with { Version = config.Version, Commit = config.Commit, CommandLine = config.CommandLine };
        }

        config = _training.Apply(parse, _backend.Apply(parse, config)) with
        {
            Settings = _settings.Aggregate(config.Settings, (settings, setting) => setting.Apply(parse, settings)),
            Data = parse.GetValue(_data) ?? config.Data,
        };
        foreach (SettingOption setting in _settings)
        {
            setting.Check(parse, config.Settings.Model);
        }

        var defaults = new FittingDefaults(given.ToHashSet(StringComparer.Ordinal));
        config = config with { Settings = defaults.WithSigma(config.Settings) };
        return UsageException.Check(() =>
        {
            config.Validate();
            int threads = config.Threads == 0 ? Environment.ProcessorCount : config.Threads;
            return (config with { Threads = threads, Data = Path.GetFullPath(DataFolders.Resolve(config.Data)) }, defaults);
        });
    }
}
