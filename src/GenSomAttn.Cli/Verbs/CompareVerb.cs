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
    /// <summary>Sides of the maps of --literature: those of published ones, and two between them.</summary>
    private static readonly int[] LiteratureSides = [8, 12, 16, 24, 40];

    private readonly DefaultedOption<SeedList> _seeds = verb.Declare(SeedList.Form.CreateOption(
        "--seeds", "Seeds of the trainings of each model: a number for so many, 1, 2, ..., or ranges and seeds with commas between them.",
        new SeedList("3", [1, 2, 3]), "--seeds 11..20"));

    private readonly DefaultedOption<int> _epochs = verb.Declare(ValueForms.Count.CreateOption(
        "--epochs", "Passes over the training images.", new TrainingSettings().Epochs, "--epochs 5"));

    private readonly Option<int> _limit = verb.Declare(ValueForms.Count.CreateOption(
        "--limit", "Use the first N training and the first N test images. Default: all. Example: --limit 6000"));

    private readonly SettingOption _validate = SettingOptions.Validate();

    private readonly Option<Ablation> _ablate = verb.Declare(ValueForms.OneOf<Ablation>().CreateOption(
        "--ablate", "Compare the forms of one part of the map's model instead of different models. Default: none. "
        + "Example: --ablate attention"));

    private readonly Option<bool> _literature = verb.Declare(new Option<bool>("--literature")
    {
        Description = "Compare maps of 64 to 1,600 units, scored on test images, on training images and on both, with published maps.",
    });

    private readonly Option<bool> _frontier = verb.Declare(new Option<bool>("--frontier")
    {
        Description = "Compare maps of other final sigmas, weights and lattices: order against fidelity, as a table and a chart, "
            + "frontier.svg. Of those that others beat only the first seed is trained.",
    });

    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "Folder for the trainings, in 'runs', for comparison.md, .csv, .json and .png, and for pictures of the attention, "
        + "attention-*.png and .csv; finished trainings there are reused. "
        + "Default: compare, compare-attention, compare-literature or compare-frontier. Example: --output /tmp/compare"));

    private readonly BackendOptions _backend = new(verb);
    private readonly Option<string[]> _data = verb.Declare(CommonOptions.Data());
    private readonly Option<bool> _skipBroken = verb.Declare(CommonOptions.SkipBroken());
    private readonly Option<string> _classifier = verb.Declare(CommonOptions.Classifier());
    private readonly TrainingRunOptions _training = new(verb);

    private enum Ablation
    {
        Attention,
    }

    /// <summary>What is compared.</summary>
    private enum Kind
    {
        Models,
        Attention,
        Literature,
        Frontier,
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
        verb.Declare(compare._validate.Option);
        verb.SetAction(parse => StopSignals.Run(signals => compare.Run(parse, signals)));
        return verb;
    }

    private int Run(ParseResult parse, StopSignals signals)
    {
        Kind kind = KindOf(parse);
        string output = parse.GetValue(_output) ?? (kind == Kind.Models ? "compare" : $"compare-{kind.ToString().ToLowerInvariant()}");
        TrainingSettings common = _validate.Apply(parse, new TrainingSettings
        {
            Epochs = parse.Get(_epochs),
            Limit = parse.Given(_limit),
            SkipBroken = parse.GetValue(_skipBroken),
        });
        UsageException.Check(common.Validate);
        using Backend<float> backend = _backend.Open(parse);
        RunConfig config = Configuration(parse, backend, common);
        Dataset dataset = signals.WaitFor(() => DataLoading.Load(config.Data, common.ToDataOptions()));
        common = ImageModel.Resolve(common, dataset.Train.Shape);
        config = config with { Settings = common, DataSha256 = dataset.Sha256 };
        IReadOnlyList<ComparedModel> models = ModelsOf(kind, common);
        OutputFolder.Make(output);
        using TableLock table = new(output);
        (ClassifierModel? classifier, string? reason) = kind == Kind.Literature
            ? (null, "the literature has no such scores of these maps")
            : ClassifierFile.Open(backend, dataset, parse.GetValue(_classifier));
        using (classifier)
        {
            if (reason is not null)
            {
                Console.Error.WriteLine($"note: generated images are not scored: {reason}");
            }

            SampleEvaluator? scorer = classifier is null ? null : new SampleEvaluator(classifier, dataset);
            string scorerId = kind == Kind.Literature ? "none" : ClassifierFile.IdOf(parse.GetValue(_classifier));
            var comparer = new Comparer(backend, dataset, scorer, scorerId, Path.Combine(output, "runs"), signals);
            ITrainingProgress Progress() => _training.Progress(parse, common.Epochs, dataset.Train.Count);
            IReadOnlyList<ulong> seeds = parse.Get(_seeds).Seeds;
            IEnumerable<ulong> first = kind == Kind.Frontier ? seeds.Take(1) : seeds;
            (ComparedRun[] runs, int left) = comparer.WorkAll([.. Trainings(models, config, first)], Progress);
            if (kind == Kind.Frontier && left == 0 && signals.Received is null)
            {
                (ComparedRun[] more, left) = comparer.WorkAll([.. Trainings(Frontier.Of(runs), config, seeds.Skip(1))], Progress);
                runs = [.. runs, .. more];
            }

            return signals.Received is not null ? signals.ExitCode
                : left > 0 ? TableLock.LeaveToOthers(left, _training.Json(parse))
                : Write(parse, output, kind, runs, backend, dataset, table);
        }
    }

    private Kind KindOf(ParseResult parse)
    {
        (string Option, bool IsGiven, Kind Kind)[] kinds =
        [
            ("--ablate", parse.GetResult(_ablate) is not null, Kind.Attention),
            ("--literature", parse.GetValue(_literature), Kind.Literature),
            ("--frontier", parse.GetValue(_frontier), Kind.Frontier),
        ];
        kinds = [.. kinds.Where(kind => kind.IsGiven)];
        return kinds.Length <= 1
            ? kinds.Select(kind => kind.Kind).FirstOrDefault()
            : throw new UsageException($"{kinds[0].Option} and {kinds[1].Option} are two comparisons: give one of them.");
    }

    private static IReadOnlyList<ComparedModel> ModelsOf(Kind kind, TrainingSettings common) => kind switch
    {
        Kind.Attention => ComparedModel.Attention(common),
        Kind.Literature => ComparedModel.Literature(common, LiteratureSides),
        Kind.Frontier => ComparedModel.Frontier(common),
        _ => ComparedModel.All(common),
    };

    private RunConfig Configuration(ParseResult parse, Backend<float> backend, TrainingSettings common)
    {
        RunConfig config = _training.Apply(parse, _backend.Apply(parse, RunStart.Configuration(common)));
        return config with
        {
            Data = (parse.Given(_data) ?? config.Data).Resolve(),
            Accelerator = backend.Name,
            DeviceName = backend.Description,
            Threads = config.Threads == 0 ? Environment.ProcessorCount : config.Threads,
        };
    }

    /// <summary>Lists the trainings seed by seed, so that a stopped comparison has all models of the first seeds.</summary>
    private static IEnumerable<ComparedTraining> Trainings(
        IReadOnlyList<ComparedModel> models, RunConfig config, IEnumerable<ulong> seeds) =>
        from seed in seeds
        let own = config with { Settings = config.Settings with { Seed = seed } }
        from model in models
        select new ComparedTraining(model, own);

    private int Write(
        ParseResult parse, string output, Kind kind, IReadOnlyList<ComparedRun> runs, Backend<float> backend, Dataset dataset,
        TableLock writer)
    {
        var table = new ComparisonTable(runs, dataset, withPublished: kind == Kind.Literature);
        object document = new
        {
            ProgramInfo.Version,
            ProgramInfo.Commit,
            Data = dataset.Sha256,
            table.Rows,
            table.Differences,
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

        table.Save(path, json);
        if (kind == Kind.Frontier)
        {
            AtomicFiles.OnDisk.Write(Path.Combine(output, "frontier.svg"), Encoding.UTF8.GetBytes(Frontier.ToSvg(runs)));
        }
        else
        {
            ComparisonPicture.Draw(runs, backend, dataset).Save($"{path}.png");
            foreach (Figure figure in ComparisonPicture.Attention(runs, backend, dataset))
            {
                figure.Save(output);
            }
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
