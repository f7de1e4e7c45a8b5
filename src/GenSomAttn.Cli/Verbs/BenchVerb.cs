using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Backends.Simd;
using GenSomAttn.Cli.Benchmarks;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Model.Benchmarks;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Verbs;

/// <summary>bench: throughput and latency on this machine, beside its peak FLOP/s and bandwidth.</summary>
internal sealed class BenchVerb(Command verb)
{
    private const int MaxSteps = 100_000;
    private const int StepShareOfWidths = 4;
    private const int RandomBatches = 100;
    private const int DefaultSide = 28;

    private readonly IReadOnlyList<SettingOption> _settings = SettingOptions.AddTo(verb);
    private readonly DefaultedOption<string> _accelerator = verb.Declare(CommonOptions.Accelerator());
    private readonly DefaultedOption<int> _device = verb.Declare(CommonOptions.Device());
    private readonly Option<string[]> _data = verb.Declare(CommonOptions.Data());

    private readonly Option<int> _threads = verb.Declare(ValueForms.Whole(0, BackendFactory.MaxThreads).CreateOption(
        "--threads", "Measure with this number of threads only, 0 for one per processor. "
        + "Default: with 1, and then with one per processor. Example: --threads 2"));

    private readonly DefaultedOption<int> _steps = verb.Declare(ValueForms.Whole(1, MaxSteps).CreateOption(
        "--steps", "Training steps to time, after a tenth as many for warm-up.", 200, "--steps 50"));

    private readonly Option<IReadOnlySet<BenchmarkSection>> _only = verb.Declare(ValueForms.SomeOf<BenchmarkSection>().CreateOption(
        "--only", "Measure only some of roof (peak FLOP/s and bandwidth), step, operations, inference, locate, map, epoch, widths "
        + "(narrower vectors). Without roof no shares of the peak are printed. Default: all. Example: --only step,inference"));

    private readonly Option<IReadOnlySet<SweepKind>> _sweep = verb.Declare(ValueForms.SomeOf<SweepKind>().CreateOptionOrFlag(
        "--sweep", "Measure instead how costs grow with sizes, on random images, into a table and charts; all of batch, latent, units, "
        + "side and large (one large map), or only some. Takes minutes. Example: --sweep batch,units"));

    private readonly Option<bool> _scaling = verb.Declare(new Option<bool>("--scaling")
    {
        Description = "Simulate instead a training over 1 to 1,024 ranks on three networks, from the measured times of a step and of a "
            + "message; each rank has a shard of --batch-size images. A table and a chart.",
    });

    private readonly DefaultedOption<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "Folder for the files of --sweep and --scaling.", "sweep", "--output /tmp/sweep"));

    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "bench",
            "Measures training, inference and the map, operation by operation, beside the processor's peak FLOP/s and bandwidth. With "
            + "--channels gray or color and without --data, the images are random, of --image-size. "
            + "Example: bench --only roof,operations --threads 1");
        verb.SetAction(new BenchVerb(verb).Run);
        return verb;
    }

    /// <summary>Options that determine what is measured, not how often; child processes get the same.</summary>
    private Option[] Shared => [.. _settings.Select(setting => setting.Option), _accelerator, _device, _data];

    private int Run(ParseResult parse)
    {
        BenchmarkPlan plan = Resolve(parse);
        if (parse.GetResult(_sweep) is not null)
        {
            return RunSweep(parse, plan);
        }

        if (parse.GetValue(_scaling))
        {
            return RunScaling(parse, plan);
        }

        Refuse(parse, "is for --sweep and --scaling alone", _output);
        (string data, Dataset dataset) = LoadOrDraw(parse, plan.Settings);
        RefuseTooLarge(plan, dataset);
        IReadOnlyList<ThreadResult> results = UsageException.Check(
            () => Benchmark.Run(plan, dataset, what => Console.Error.WriteLine($"bench: {what}")));
        IReadOnlyList<NarrowerVectorsResult>? narrower = plan.Sections.Contains(BenchmarkSection.Widths)
            ? NarrowerVectors.Measure(Given(parse), plan.ThreadCounts[^1], Math.Max(1, plan.Steps / StepShareOfWidths))
            : null;
        if (parse.GetValue(_json))
        {
            JsonOutput.Write(new
            {
                ProgramInfo.Version,
                ProgramInfo.Commit,
                Environment.ProcessorCount,
                SimdBackend.VectorBits,
                Data = data,
                TrainingImages = dataset.Train.Count,
                dataset.Train.Shape.Side,
                dataset.Train.Shape.Channels,
                plan.Settings,
                plan.Steps,
                Results = results,
                NarrowerVectors = narrower,
            });
        }
        else
        {
            BenchTables.Print(results, narrower ?? []);
        }

        return ExitCodes.Done;
    }

    private int RunSweep(ParseResult parse, BenchmarkPlan plan)
    {
        Refuse(parse, "is not for --sweep, which measures with random images", _only, _steps, _data, _scaling);
        IReadOnlySet<SweepKind> kinds = parse.GetValue(_sweep) ?? Enum.GetValues<SweepKind>().ToHashSet();
        return RunOnRandomImages(
            parse, plan, "sweep",
            (backend, threads, report) => Sweep.Run(backend, threads, plan.Settings, new SweepPlan(), kinds, report),
            SweepFiles.Save, SweepTables.Print);
    }

    private int RunScaling(ParseResult parse, BenchmarkPlan plan)
    {
        Refuse(parse, "is not for --scaling, which measures with random images", _only, _steps, _data);
        return RunOnRandomImages(
            parse, plan, "scaling", (backend, threads, report) => Scaling.Run(backend, threads, plan.Settings, report),
            ScalingTables.Save, ScalingTables.Print);
    }

    /// <summary>Measures with random images, and writes files and a table or JSON.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="plan">What is measured.</param>
    /// <param name="name">Key of the result in the JSON document.</param>
    /// <param name="measure">Measures with a number of threads, and reports what is being measured.</param>
    /// <param name="save">Writes the files of a result into a folder and returns their paths.</param>
    /// <param name="print">Prints a result and the paths.</param>
    private int RunOnRandomImages<T>(
        ParseResult parse, BenchmarkPlan plan, string name, Func<Backend<float>, int, Action<string>, T> measure,
        Func<string, T, IReadOnlyList<string>> save, Action<T, IReadOnlyList<string>> print)
    {
        string folder = parse.Get(_output);
        OutputFolder.Make(folder);
        int threads = plan.ThreadCounts[^1];
        using Backend<float> backend = BackendFactory.Create(plan.Accelerator, threads, plan.Device);
        T result = UsageException.Check(() => measure(backend, threads, what => Console.Error.WriteLine($"bench: {what}")));
        IReadOnlyList<string> files = save(folder, result);
        if (parse.GetValue(_json))
        {
            JsonOutput.Write(new Dictionary<string, object?>
            {
                ["version"] = ProgramInfo.Version,
                ["commit"] = ProgramInfo.Commit,
                ["vector_bits"] = SimdBackend.VectorBits,
                ["settings"] = plan.Settings,
                [name] = result,
                ["files"] = files,
            });
        }
        else
        {
            print(result, files);
        }

        return ExitCodes.Done;
    }

    /// <summary>Loads the data; with --channels and without --data it draws random images, because speed depends on sizes alone.</summary>
    private (string Name, Dataset Images) LoadOrDraw(ParseResult parse, TrainingSettings settings)
    {
        if (settings.Channels is { } channels && parse.Given(_data) is null)
        {
            var shape = new ImageShape(settings.ImageSize ?? DefaultSide, channels);
            return ("random", SyntheticImages.Create(RandomBatches * settings.BatchSize, shape));
        }

        DataPaths data = parse.Given(_data) ?? DataFolders.Default();
        return (data.ToString(), DataLoading.LoadForTraining(data, settings));
    }

    /// <summary>
    /// Creates and disposes a trainer, so that a training that does not fit into memory is refused before any measurement.
    /// </summary>
    private static void RefuseTooLarge(BenchmarkPlan plan, Dataset dataset)
    {
        using Backend<float> backend = BackendFactory.Create(plan.Accelerator, threads: 1, plan.Device);
        using Trainer trainer = TrainerFactory.Create(backend, plan.Settings, dataset);
    }

    private static void Refuse(ParseResult parse, string reason, params Option[] options)
    {
        if (options.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } given)
        {
            throw new UsageException($"{given.Name} {reason}.");
        }
    }

    /// <summary>Returns the shared options of the command line.</summary>
    private string[] Given(ParseResult parse) =>
    [
        .. from option in Shared
           let given = parse.GetResult(option)
           where given is { Implicit: false }
           from word in given.Tokens.Count == 0 ? [option.Name] : given.Tokens.SelectMany(token => new[] { option.Name, token.Value })
           select word,
    ];

    private BenchmarkPlan Resolve(ParseResult parse)
    {
        TrainingSettings settings = _settings.Aggregate(new TrainingSettings(), (settings, setting) => setting.Apply(parse, settings));
        UsageException.Check(settings.Validate);
        if (SettingOptions.InitialRun(_settings, parse) is { } run)
        {
            throw new UsageException($"--init {run}: speed does not depend on parameters; give random, sample or pca, or leave it out.");
        }

        int processors = Environment.ProcessorCount;
        int[] threadCounts = parse.Given(_threads) is { } threads ? [threads == 0 ? processors : threads] : [1, processors];
        return new BenchmarkPlan(
            settings,
            parse.Get(_accelerator),
            parse.Get(_device),
            [.. threadCounts.Distinct()],
            parse.GetValue(_only) ?? Enum.GetValues<BenchmarkSection>().ToHashSet(),
            parse.Get(_steps));
    }
}
