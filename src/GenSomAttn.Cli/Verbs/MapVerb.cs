using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Verbs;

/// <summary>map: draws pictures of a trained map.</summary>
internal sealed class MapVerb(Command verb)
{
    private readonly DefaultedOption<UnitPosition> _from = verb.Declare(ValueForms.Unit.CreateOption(
        "--from", "Unit at the start of the path of images.", new UnitPosition(0, 0), "--from 0,11"));

    private readonly Option<UnitPosition> _to = verb.Declare(ValueForms.Unit.CreateOption(
        "--to", "Unit at the end of the path of images. Default: the last one. Example: --to 11,0"));

    private readonly Option<UnitPosition[]> _via = verb.Declare(ValueForms.Unit.CreateRepeatedOption(
        "--via", "Units of the path of images, in place of --from and --to: at least two, each with a --via. "
        + "Default: none. Example: --via 0,0 --via 5,3 --via 11,11"));

    private readonly Option<ImageSplit> _split = verb.Declare(ValueForms.OneOf<ImageSplit>().CreateOption(
        "--split", "Images that are placed on the map: those of the training, of the test, or all. Default: test, or train where there are "
        + "no test images. Example: --split all"));

    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "Folder for the pictures and, beside each, a CSV file of its numbers: the values of an image are p0, p1, ..., row by "
        + "row, or in color p0_r, p0_g, p0_b, p1_r, ... Default: RUN/map. Example: --output /tmp/map"));

    private readonly Option<int> _epoch = verb.Declare(ValueForms.Whole(0, int.MaxValue).CreateOption(
        "--epoch", "Draw prototypes and U-matrix after an epoch alone, as the run kept them. Default: the whole map of the newest one. "
        + "Example: --epoch 7"));

    private readonly Option<string> _beside = verb.Declare(ValueForms.Path.CreateOption(
        "--beside", "Another run, a folder or a number: draw both maps side by side alone, with the units that correspond. Default: none. "
        + "Example: --beside 8"));

    private readonly DefaultedOption<int> _scale = verb.Declare(CommonOptions.PictureScale());
    private readonly ClusterOption _clusters = new(verb);
    private readonly RunOptions _run = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "map",
            "Draws the map of a trained run: prototypes, U-matrix, clusters, hits, classes, errors, distances to training images, a path "
            + "between two units, reconstructions. A red frame marks units whose image resembles all training images less "
            + "than 95 % of the reconstructions of test images do. Example: map 7 --from 0,0 --to 11,11");
        verb.SetAction(new MapVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        int[] path = [];
        using TrainedRun run = _run.Open(parse, (directory, settings) =>
        {
            if (!ModelTraits.Of(settings.Model).HasMap)
            {
                throw TrainedRun.Refuse(directory, settings.Model, "has no map");
            }

            _clusters.Check(parse, settings);
            path = Path(parse, settings);
        });
        string folder = parse.GetValue(_output) ?? System.IO.Path.Combine(run.Directory.Path, "map");
        (IReadOnlyList<Figure> figures, UnitClusters? clusters) = parse.GetValue(_beside) is { } other ? ([Beside(parse, run, other)], null)
            : parse.Given(_epoch) is { } epoch ? (EpochFigures.Draw(MapOf(run, epoch), ((SomAttnModel)run.Model).Map.Grid), null)
            : Newest(parse, run, path);
        OutputFolder.Make(folder);
        List<string> files = [.. figures.SelectMany(figure => figure.Save(folder, parse.Get(_scale)))];
        if (_run.Json(parse))
        {
            var captions = figures.ToDictionary(figure => figure.Name, figure => figure.Caption);
            JsonOutput.Write(new { Run = run.Directory.Path, Folder = folder, Files = files, Clusters = clusters, Captions = captions });
            return ExitCodes.Done;
        }

        files.ForEach(Console.Out.WriteLine);
        foreach (Figure figure in figures)
        {
            Console.Error.WriteLine($"{figure.Name}.png: {figure.Caption}");
        }

        return ExitCodes.Done;
    }

    /// <summary>Draws the newest map with the numbers of its images.</summary>
    private (IReadOnlyList<Figure> Figures, UnitClusters? Clusters) Newest(ParseResult parse, TrainedRun run, int[] path)
    {
        var model = (SomAttnModel)run.Model;
        Dataset dataset = _run.LoadDataset(parse, run);
        ImageSplit split = Split(parse, dataset);
        using var images = new DeviceImages(model.Backend, dataset.Of(split), model.MaxBatch);
        MapStatistics statistics = new Evaluator(model).Evaluate(images, dataset.ClassNames.Count).Map!;
        UnitClusters? clusters = _clusters.Of(parse, model);
        var drawing = new MapFigures(model, statistics, dataset, split)
        {
            Clusters = clusters,
            OffData = model.Export().All(tensor => tensor.IsFinite) ? OffData(model, dataset) : null,
        };
        IReadOnlyList<Figure> figures = drawing.Draw(path);
        NoteOlder(parse.GetValue(_output) ?? System.IO.Path.Combine(run.Directory.Path, "map"), figures);
        return (figures, clusters);
    }

    private static UnitsOffData? OffData(SomAttnModel model, Dataset dataset) =>
        UnitsOffData.Of(model, dataset, CodedImages.Of(model, dataset.Test.First(UnitsOffData.MaxTestImages)).Codes.Span);

    /// <summary>Returns the map of an epoch, in the order of the run's model.</summary>
    private static EpochMap MapOf(TrainedRun run, int epoch)
    {
        IReadOnlyList<EpochMap> maps = run.Directory.ReadMaps(run.Order.Count);
        EpochMap? map = maps.FirstOrDefault(each => each.Epoch == epoch);
        return map is not null ? map.InOrder(run.Order)
            : maps.Count == 0 ? throw new FileException($"{run.Directory.Path} has no maps of its epochs: leave out --epoch.")
            : throw new UsageException($"--epoch {epoch}: the run has the epochs {maps[0].Epoch} to {maps[^1].Epoch}.");
    }

    /// <summary>Draws the maps of two runs side by side.</summary>
    private Figure Beside(ParseResult parse, TrainedRun run, string name)
    {
        if (parse.GetResult(_epoch) is not null)
        {
            throw new UsageException("--epoch does not apply with --beside, which draws the newest maps: leave out one of them.");
        }

        RunDirectory directory = RunDirectory.Open(name);
        Checkpoint checkpoint = directory.LoadCheckpoint();
        if (!ModelTraits.Of(checkpoint.Settings.Model).HasMap)
        {
            throw TrainedRun.Refuse(directory, checkpoint.Settings.Model, "has no map");
        }

        if (checkpoint.Shape != run.Model.Shape)
        {
            throw new UsageException(
                $"--beside {name}: its images are {checkpoint.Shape}, those of {run.Directory.Path} are {run.Model.Shape}.");
        }

        using TrainedRun other = _run.OpenOther(parse, directory, checkpoint);
        return MapsBeside.Draw(Decoded(run), Decoded(other), run.Model.Shape);

        static (string Name, float[] Images, MapGrid Grid) Decoded(TrainedRun each)
        {
            var model = (SomAttnModel)each.Model;
            return (each.Directory.Name, new MapSampler(model).Prototypes(), model.Map.Grid);
        }
    }

    /// <summary>Returns the units of the path, those of --via or else from --from to --to.</summary>
    private int[] Path(ParseResult parse, TrainingSettings settings)
    {
        UnitPosition[] via = parse.GetValue(_via) ?? [];
        if (via.Length == 0)
        {
            UnitPosition last = new(settings.MapHeight - 1, settings.MapWidth - 1);
            return [parse.Get(_from).UnitOn(settings, "--from"), (parse.Given(_to) ?? last).UnitOn(settings, "--to")];
        }

        if (via.Length == 1)
        {
            throw new UsageException("--via is there once: a path needs at least two units, each with a --via.");
        }

        Option? other = new Option[] { _from, _to }.FirstOrDefault(option => parse.GetResult(option) is not null);
        return other is null
            ? (int[])[.. via.Select(position => position.UnitOn(settings, "--via"))]
            : throw new UsageException($"{other.Name} does not apply with --via, which gives the whole path: leave it out.");
    }

    /// <summary>Reports on stderr the pictures in the folder that an earlier map drew and this one does not have.</summary>
    private static void NoteOlder(string folder, IReadOnlyList<Figure> figures)
    {
        foreach (string name in MapFigures.Optional.Except(figures.Select(figure => figure.Name)))
        {
            string older = System.IO.Path.Combine(folder, name + ".png");
            if (File.Exists(older))
            {
                Console.Error.WriteLine($"note: {older} is of an earlier map: this one has no {name}");
            }
        }
    }

    /// <summary>Returns the images of --split, or the default; reports on stderr if that is not the test images.</summary>
    private ImageSplit Split(ParseResult parse, Dataset dataset)
    {
        if (parse.Given(_split) is { } given)
        {
            return given == ImageSplit.Test && dataset.Test.Count == 0
                ? throw new UsageException("--split test: there are no test images. Give --split train.")
                : given;
        }

        if (dataset.Shown != ImageSplit.Test)
        {
            Console.Error.WriteLine("note: there are no test images: the training images are placed on the map");
        }

        return dataset.Shown;
    }
}
