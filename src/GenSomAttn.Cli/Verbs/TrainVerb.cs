using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Comparing;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Ranks;
using GenSomAttn.Cli.Training;
using GenSomAttn.Engine.Collectives;
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
        "--preset", "Defaults of the other options: 'report', every value that the report states, its loss too; 'map', fidelity of the "
        + "units first; 'samples', generated images first. Options and --config take precedence. Default: default. "
        + "Example: --preset map"));

    private readonly IReadOnlyList<SettingOption> _settings = SettingOptions.AddTo(verb);
    private readonly Option<SeedList> _seeds = verb.Declare(SeedList.Form.CreateOption(
        "--seeds", "Train once with each of several seeds, in place of --seed, and write a table of the scores, seeds.md, .csv and .json, "
        + "beside the run directories. Finished trainings there are reused and stopped ones resumed; several processes share the work. "
        + "Default: one training with --seed. Example: --seeds 1..8"));

    private readonly BackendOptions _backend = new(verb);
    private readonly Option<string[]> _data = verb.Declare(CommonOptions.Data());

    private readonly DefaultedOption<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "Folder in which the run directory is created.", "runs", "--output /tmp/runs"));

    private readonly Option<string> _config = verb.Declare(ValueForms.Path.CreateOption(
        "--config", "A run's config.json, or a file with some of its keys; options on the command line take precedence. "
        + "Default: none. Example: --config runs/0007-somattn-12x12-s42/config.json"));

    private readonly Option<bool> _dryRun = verb.Declare(new Option<bool>("--dry-run")
    {
        Description = "Print the configuration, the parameter counts and the required memory, and stop.",
    });

    private readonly Option<bool> _noAdvice = verb.Declare(CommonOptions.NoAdvice());
    private readonly Option<string> _mpiLibrary = verb.Declare(CommonOptions.MpiLibrary());
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
        bool json = _training.Json(parse);
        if (parse.GetValue(_seeds) is { } seeds)
        {
            return Sweep(parse, signals, seeds.Seeds, json);
        }

        ICommunicator ranks = RankGroup.Join(parse.GetValue(_mpiLibrary), parse.GetValue(CommonOptions.Verbose));
        using PreparedTraining training = RankGroup.Agree(
            ranks, () => Prepare(parse, signals, ranks),
            made => RankFacts.Of(made.Config.Settings, made.Dataset.Sha256, made.Config.Accelerator));
        (RunConfig config, Dataset dataset, Trainer trainer) = (training.Config, training.Dataset, training.Trainer);
        if (parse.GetValue(_dryRun))
        {
            DryRun.Print(config, trainer, dataset, json);
            return ExitCodes.Done;
        }

        if (ranks.Rank > 0)
        {
            return FollowingRank.Run(training, signals);
        }

        var run = RunDirectory.Create(parse.Get(_output), config.Settings);
        Console.Error.WriteLine($"run directory: {run.Path}");
        using IDisposable held = run.Lock();
        RunStart.Write(run, config, dataset);
        return new TrainingSession(run, config, trainer, dataset, signals).Run(
            _training.Progress(parse, config.Settings.Epochs, dataset.Train.Count), json, advises: !parse.GetValue(_noAdvice));
    }

    /// <summary>Trains with several seeds, one training after another; of processes started together, each takes what is left.</summary>
    private int Sweep(ParseResult parse, StopSignals signals, IReadOnlyList<ulong> seeds, bool json)
    {
        Option seed = _settings.Single(setting => setting.Option.Name == "--seed").Option;
        if (new[] { seed, _dryRun, _mpiLibrary }.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } other)
        {
            throw new UsageException($"{other.Name} is for one training: leave it out, or --seeds.");
        }

        (RunConfig config, FittingDefaults defaults, InitialCheckpoint? start) = Resolve(parse);
        if (start is not null)
        {
            throw new UsageException("--init with a run is for one training: leave it out, or --seeds.");
        }

        using Backend<float> backend = AcceleratorSelection.Open(config.Accelerator, config.Threads, config.Device);
        Dataset dataset = signals.WaitFor(() => DataLoading.LoadForTraining(config.Data, config.Settings));
        config = Complete(parse, config, defaults, backend, dataset);
        return new SeedSweep(backend, dataset, config, parse.Get(_output), signals).Run(
            seeds, () => _training.Progress(parse, config.Settings.Epochs, dataset.Train.Count), json);
    }

    private PreparedTraining Prepare(ParseResult parse, StopSignals signals, ICommunicator ranks)
    {
        (RunConfig config, FittingDefaults defaults, InitialCheckpoint? start) = Resolve(parse);
        var made = new PreparedTraining
        {
            Config = config,
            Backend = AcceleratorSelection.Open(config.Accelerator, config.Threads, config.Device),
        };
        return made.Fill(() =>
        {
            Dataset dataset = signals.WaitFor(() => DataLoading.LoadForTraining(config.Data, config.Settings, start));
            made.Dataset = dataset;
            made.Config = Complete(parse, config, defaults, made.Backend, dataset);
            made.Trainer = TrainerFactory.Create(made.Backend, made.Config.Settings, dataset, start, ranks);
            signals.Token.ThrowIfCancellationRequested();
        });
    }

    /// <summary>Adds to a configuration what depends on the device and the data.</summary>
    private RunConfig Complete(
        ParseResult parse, RunConfig config, FittingDefaults defaults, Backend<float> backend, Dataset dataset)
    {
        RunConfig complete = config with
        {
            Settings = UsageException.Check(() => ImageModel.Resolve(
                defaults.WithEpochs(config.Settings, dataset.Train.Count), dataset.Train.Shape)),
            DataSha256 = CheckData(parse, config, dataset),
            Accelerator = backend.Name,
            DeviceName = backend.Description,
        };
        FittingDefaults.NoteUnits(complete.Settings, dataset.Train.Count);
        return complete;
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
    private (RunConfig Config, FittingDefaults Defaults, InitialCheckpoint? Start) Resolve(ParseResult parse)
    {
        IEnumerable<string> given = _settings.Where(setting => parse.GetResult(setting.Option) is not null).Select(setting => setting.Key);
        RunConfig config = RunStart.Configuration(new TrainingSettings());
        InitialCheckpoint? start = null;
        if (SettingOptions.InitialRun(_settings, parse) is { } run)
        {
            (start, DataPaths data) = Open(run);
            bool isOther = parse.Given(_data) is not null;
            config = config with { Settings = isOther ? start.OtherData() : start.SameData(), Data = data };
            given = given.Concat(FittingDefaults.Keys);
        }

        config = WithPreset(config, parse.Given(_preset));
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

        start ??= HasInit(parse) ? null : InitialCheckpoint.Of(config);
        config = _training.Apply(parse, _backend.Apply(parse, config)) with
        {
            Init = start?.Source,
            Settings = _settings.Aggregate(config.Settings, (settings, setting) => setting.Apply(parse, settings)),
            Data = parse.Given(_data) ?? config.Data,
        };
        foreach (SettingOption setting in _settings)
        {
            setting.Check(parse, config.Settings.Model);
        }

        UsageException.Check(() => start?.Check(config.Settings));
        var defaults = new FittingDefaults(given.ToHashSet(StringComparer.Ordinal));
        config = config with { Settings = defaults.WithSigma(config.Settings) };
        return UsageException.Check(() =>
        {
            config.Validate();
            int threads = config.Threads == 0 ? Environment.ProcessorCount : config.Threads;
            return (config with { Threads = threads, Data = config.Data.Resolve() }, defaults, start);
        });
    }

    private bool HasInit(ParseResult parse) =>
        parse.GetResult(_settings.Single(setting => setting.Option is Option<TrainingStart>).Option) is not null;

    /// <summary>Reads the parameters of the run that --init names, and the path of its data.</summary>
    private static (InitialCheckpoint Start, DataPaths Data) Open(string run)
    {
        if (!Directory.Exists(run) && !run.All(char.IsAsciiDigit))
        {
            throw new UsageException($"--init takes {TrainingStart.Form.Expected}, and there is no run {run}.");
        }

        RunDirectory directory = RunDirectory.Open(run);
        return (InitialCheckpoint.Of(directory), RunConfig.Load(directory.ConfigPath).Data);
    }
}
