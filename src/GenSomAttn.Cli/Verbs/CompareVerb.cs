using System.CommandLine;
using System.Text;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Comparing;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Verbs;

/// <summary>compare: trains and scores models and baselines side by side.</summary>
internal sealed class CompareVerb(Command verb)
{
    private const int MaxSeeds = 100;

    private readonly DefaultedOption<int> _seeds = verb.Declare(ValueForms.Whole(1, MaxSeeds).CreateOption(
        "--seeds", "Trainings of each model, with the seeds 1, 2, ...", 3, "--seeds 1"));

    private readonly DefaultedOption<int> _epochs = verb.Declare(ValueForms.Count.CreateOption(
        "--epochs", "Passes over the training images.", new TrainingSettings().Epochs, "--epochs 5"));

    private readonly Option<int> _limit = verb.Declare(ValueForms.Count.CreateOption(
        "--limit", "Use the first N training and the first N test images. Default: all. Example: --limit 6000"));

    private readonly Option<Ablation> _ablate = verb.Declare(ValueForms.OneOf<Ablation>().CreateOption(
        "--ablate", "Compare the forms of one part of the map's model instead of different models. Default: none. "
        + "Example: --ablate attention"));

    private readonly Option<bool> _literature = verb.Declare(new Option<bool>("--literature")
    {
        Description = "Compare a map of 8x8 units, scored on training and test images together, with published maps.",
    });

    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "Folder for the trainings, in 'runs', for comparison.md, .csv, .json and .png, and for pictures of the attention, "
        + "attention-*.png and .csv; finished trainings there are reused. "
        + "Default: compare, compare-attention or compare-literature. Example: --output /tmp/compare"));

    private readonly BackendOptions _backend = new(verb);
    private readonly Option<string> _data = verb.Declare(CommonOptions.Data());
    private readonly Option<bool> _skipBroken = verb.Declare(CommonOptions.SkipBroken());
    private readonly Option<string> _classifier = verb.Declare(CommonOptions.Classifier());
    private readonly TrainingRunOptions _training = new(verb);

    private enum Ablation
    {
        Attention,
    }

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "compare",
            "Trains the map, variational autoencoders and an autoencoder under the same conditions, with k-means and a map on pixels as "
            + "baselines; scores reconstructions and generated images, and writes a table. Stopped, the same command resumes. Several "
            + "processes in one folder share the work, and the last one writes the table; those that mpirun or srun started wait for each "
            + "other, take over what one that died has left, and rank 0 writes the table. "
            + "Example: compare --seeds 1 --epochs 5");
        var compare = new CompareVerb(verb);
        verb.SetAction(parse => StopSignals.Run(signals => compare.Run(parse, signals)));
        return verb;
    }

    private int Run(ParseResult parse, StopSignals signals)
    {
        bool isAblation = parse.GetResult(_ablate) is not null;
        bool isLiterature = parse.GetValue(_literature);
        if (isAblation && isLiterature)
        {
            throw new UsageException("--ablate and --literature are two comparisons: give one of them.");
        }

        string output = parse.GetValue(_output)
            ?? (isAblation ? "compare-attention" : isLiterature ? "compare-literature" : "compare");
        var common = new TrainingSettings
        {
            Epochs = parse.Get(_epochs),
            Limit = parse.Given(_limit),
            SkipBroken = parse.GetValue(_skipBroken),
        };
        UsageException.Check(common.Validate);
        using Backend<float> backend = _backend.Open(parse);
        RunConfig config = Configuration(parse, backend, common);
        Dataset dataset = signals.WaitFor(() => DataLoading.Load(config.Data, common.ToDataOptions()));
        common = ImageModel.Resolve(common, dataset.Train.Shape);
        config = config with { Settings = common, DataSha256 = dataset.Sha256 };
        IReadOnlyList<ComparedModel> models = isAblation ? ComparedModel.Attention(common)
            : isLiterature ? ComparedModel.Small(common)
            : ComparedModel.All(common);
        (ComparedModel Model, RunConfig Config)[] trainings = [.. Trainings(parse, models, config)];
        OutputFolder.Make(output);
        using TableLock table = new(output);
        (ClassifierModel? classifier, string? reason) = ClassifierFile.Open(backend, dataset, parse.GetValue(_classifier));
        using (classifier)
        {
            if (reason is not null)
            {
                Console.Error.WriteLine($"note: generated images are not scored: {reason}");
            }

            SampleEvaluator? scorer = classifier is null ? null : new SampleEvaluator(classifier, dataset);
            string scorerId = ClassifierFile.IdOf(parse.GetValue(_classifier));
            var comparer = new Comparer(backend, dataset, scorer, scorerId, Path.Combine(output, "runs"), signals);
            ComparedRun[] runs;
            do
            {
                foreach ((ComparedModel model, RunConfig own) in trainings)
                {
                    if (!comparer.Work(model, own, _training.Progress(parse, common.Epochs, dataset.Train.Count)))
                    {
                        return signals.ExitCode;
                    }
                }

                runs = [.. trainings.Select(training => comparer.Read(training.Model, training.Config)).OfType<ComparedRun>()];
            }
            while (runs.Length < trainings.Length && TableLock.WaitForOthers(signals));
            return signals.Received is not null && runs.Length < trainings.Length ? signals.ExitCode
                : runs.Length < trainings.Length ? LeaveToOthers(parse, trainings.Length - runs.Length)
                : Write(parse, output, runs, backend, dataset, table);
        }
    }

    private RunConfig Configuration(ParseResult parse, Backend<float> backend, TrainingSettings common)
    {
        RunConfig config = _training.Apply(parse, _backend.Apply(parse, RunStart.Configuration(common)));
        return config with
        {
            Data = Path.GetFullPath(DataFolders.Resolve(parse.GetValue(_data) ?? config.Data)),
            Accelerator = backend.Name,
            DeviceName = backend.Description,
            Threads = config.Threads == 0 ? Environment.ProcessorCount : config.Threads,
        };
    }

    /// <summary>Lists the trainings seed by seed, so that a stopped comparison has all models of the first seeds.</summary>
    private IEnumerable<(ComparedModel Model, RunConfig Config)> Trainings(
        ParseResult parse, IReadOnlyList<ComparedModel> models, RunConfig config) =>
        from seed in Enumerable.Range(1, parse.Get(_seeds))
        let own = config with { Settings = config.Settings with { Seed = (ulong)seed } }
        from model in models
        select (model, own);

    /// <summary>Ends without a table; the last process to finish writes it.</summary>
    private int LeaveToOthers(ParseResult parse, int left)
    {
        Console.Error.WriteLine($"{left} left to other processes in the same folder; the last of them writes the table");
        if (_training.Json(parse))
        {
            JsonOutput.Write(new { Left = left });
        }

        return ExitCodes.Done;
    }

    private int Write(
        ParseResult parse, string output, IReadOnlyList<ComparedRun> runs, Backend<float> backend, Dataset dataset, TableLock writer)
    {
        var table = new ComparisonTable(runs, dataset, withPublished: parse.GetValue(_literature));
        object document = new
        {
            ProgramInfo.Version,
            ProgramInfo.Commit,
            Data = dataset.Sha256,
            table.Rows,
            table.BestReconstructingVae,
            table.BestSamplingVae,
            Runs = runs,
        };
        string path = Path.Combine(output, "comparison");
        byte[] json = Encoding.UTF8.GetBytes(JsonOutput.ToElement(document).GetRawText() + "\n");
        if (!writer.IsOurs($"{path}.json", json))
        {
            return ExitCodes.Done;
        }

        AtomicFiles.OnDisk.Write($"{path}.md", Encoding.UTF8.GetBytes(table.ToMarkdown()));
        AtomicFiles.OnDisk.Write($"{path}.csv", Encoding.UTF8.GetBytes(table.ToCsv()));
        AtomicFiles.OnDisk.Write($"{path}.json", json);
        ComparisonPicture.Draw(runs, backend, dataset).Save($"{path}.png");
        foreach (Figure figure in ComparisonPicture.Attention(runs, backend, dataset))
        {
            figure.Save(output);
        }

        if (_training.Json(parse))
        {
            JsonOutput.Write(document);
        }
        else
        {
            table.Print();
            Console.Out.WriteLine($"{path}.md");
        }

        return ExitCodes.Done;
    }
}
