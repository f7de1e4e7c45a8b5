using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
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

    private readonly ClusterOption _clusters = new(verb);
    private readonly RunOptions _run = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "map",
            "Draws the map of a trained run: prototypes, U-matrix, clusters, hits, classes, errors, distances to training images, a path "
            + "between two units, reconstructions. A red frame marks units whose image is farther from all training images than 95 % of "
            + "the test images. Example: map 7 --from 0,0 --to 11,11");
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
        var model = (SomAttnModel)run.Model;
        Dataset dataset = _run.LoadDataset(parse, run);
        string folder = parse.GetValue(_output) ?? System.IO.Path.Combine(run.Directory.Path, "map");
        ImageSplit split = Split(parse, dataset);
        OutputFolder.Make(folder);
        using var images = new DeviceImages(model.Backend, dataset.Of(split), model.MaxBatch);
        MapStatistics statistics = new Evaluator(model).Evaluate(images, dataset.ClassNames.Count).Map!;
        UnitClusters? clusters = _clusters.Of(parse, model);
        var drawing = new MapFigures(model, statistics, dataset, split)
        {
            Clusters = clusters,
            OffData = model.Export().All(tensor => tensor.IsFinite) ? UnitsOffData.Of(model, dataset) : null,
        };
        IReadOnlyList<Figure> figures = drawing.Draw(path);
        List<string> files = [.. figures.SelectMany(figure => figure.Save(folder))];
        NoteOlder(folder, figures);
        if (_run.Json(parse))
        {
            JsonOutput.Write(new { Run = run.Directory.Path, Folder = folder, Files = files, Clusters = clusters });
        }
        else
        {
            files.ForEach(Console.Out.WriteLine);
        }

        return ExitCodes.Done;
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
