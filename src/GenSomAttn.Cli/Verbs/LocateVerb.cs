using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Locating;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Verbs;

/// <summary>locate: tells where pictures lie on a trained map.</summary>
internal sealed class LocateVerb(Command verb)
{
    private const int MaxStrangest = 100;
    private const string Ending = ".csv";
    private readonly DefaultedOption<ImageSplit> _split = verb.Declare(ValueForms.OneOf<ImageSplit>().CreateOption(
        "--split", "Images of the data set to locate, if no PATH is given.", ImageSplit.All, "--split test"));

    private readonly Option<int> _strangest = verb.Declare(ValueForms.Whole(1, MaxStrangest).CreateOption(
        "--strangest", "Print the N images that fit the map least, those with the largest distance, and draw them with D(v) and D(w) as "
        + "strangest.png beside the CSV file. Default: none. Example: --strangest 20"));

    private readonly Option<bool> _sheet = verb.Declare(new Option<bool>("--sheet")
    {
        Description = "Draw the contact sheet of the map as sheet.png beside the CSV file: of each unit the nine nearest images that it "
            + "wins.",
    });

    private readonly Option<string> _npz = verb.Declare(ValueForms.Path.CreateOption(
        "--npz", "Also write codes (N, D), rows, columns, distances and clusters as NumPy arrays, to a file whose name ends in .npz. "
        + "Default: no file. Example: --npz codes.npz"));

    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "The CSV file: BMU and second-best unit of each image with the distances |v - w|, whether both are neighbors, mse_e, "
        + "mse_q, the share of training images that are not farther, in percent, and the cluster of the BMU. Default: a new file "
        + "located.csv in RUN/map. Example: --output places.csv"));

    private readonly Option<bool> _noErrors = verb.Declare(new Option<bool>("--no-errors")
    {
        Description = "Leave mse_e and mse_q empty: the images are not decoded, which takes more than half of the time.",
    });

    private readonly DefaultedOption<int> _scale = verb.Declare(CommonOptions.PictureScale());
    private readonly ClusterOption _clusters = new(verb);
    private readonly RunOptions _run = new(verb);
    private readonly Argument<string[]> _paths = verb.Declare(CommonOptions.Pictures());

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "locate",
            "Tells where pictures lie on the map of a trained run, and which of them fit least. Example: locate 7 photos --strangest 20");
        verb.SetAction(new LocateVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        OutputFolder.CheckEnding(parse.GetValue(_output), Ending);
        OutputFolder.CheckEnding(parse.GetValue(_npz), ".npz", "--npz");
        string[] paths = parse.GetValue(_paths) ?? [];
        if (paths.Length > 0 && parse.GetResult(_split) is not null)
        {
            throw new UsageException("--split is for a data set: leave it out, or the pictures.");
        }

        using TrainedRun run = _run.Open(parse, (directory, settings) =>
        {
            if (!ModelTraits.Of(settings.Model).HasMap)
            {
                throw TrainedRun.Refuse(directory, settings.Model, "has no map");
            }

            _clusters.Check(parse, settings);
        });
        var model = (SomAttnModel)run.Model;
        PictureFiles? pictures = paths.Length > 0 ? _run.ListPictures(parse, run, paths) : null;
        Dataset? dataset = pictures is null ? _run.LoadDataset(parse, run) : null;
        (float[]? trained, string? reason) = new KnownDistances(run).Find(() => _run.TrainingImages(parse, run, dataset));
        var locator = new ImageLocator(model, trained, withErrors: !parse.GetValue(_noErrors)) { Clusters = _clusters.Of(parse, model) };
        IEnumerable<LocatedBatch> batches = pictures is null
            ? OfDataset(locator, dataset!, parse.Get(_split))
            : OfPictures(locator, pictures, model.MaxBatch);
        int total = pictures?.Count ?? CountOf(dataset!, parse.Get(_split));
        Located located = Locate(parse, run, batches, total);
        foreach (string note in pictures?.Notes() ?? [])
        {
            Console.Error.WriteLine($"note: {note}");
        }

        Print(parse, run, located, reason, pictures?.Skipped ?? 0);
        return ExitCodes.Done;
    }

    private static IEnumerable<LocatedBatch> OfDataset(ImageLocator locator, Dataset dataset, ImageSplit split)
    {
        IEnumerable<LocatedBatch> train = split == ImageSplit.Test ? [] : locator.Locate(dataset.Train, "train", 0, dataset.ClassNames);
        bool hasTest = split != ImageSplit.Train && dataset.Test.Count > 0;
        return train.Concat(hasTest ? locator.Locate(dataset.Test, dataset.TestNoun.Split(' ')[0], 0, dataset.ClassNames) : []);
    }

    private static int CountOf(Dataset dataset, ImageSplit split) =>
        (split == ImageSplit.Test ? 0 : dataset.Train.Count) + (split == ImageSplit.Train ? 0 : dataset.Test.Count);

    private static IEnumerable<LocatedBatch> OfPictures(ImageLocator locator, PictureFiles pictures, int batch)
    {
        int first = 0;
        foreach (ImageSet images in pictures.Read(batch))
        {
            foreach (LocatedBatch located in locator.Locate(images, name: null, first, classNames: []))
            {
                yield return located;
            }

            first += images.Count;
        }
    }

    /// <summary>Writes the files; of the images, only those that are drawn are kept, and with --json all rows.</summary>
    private Located Locate(ParseResult parse, TrainedRun run, IEnumerable<LocatedBatch> batches, int total)
    {
        var model = (SomAttnModel)run.Model;
        string folder = Path.Combine(run.Directory.Path, "map");
        string? output = parse.GetValue(_output);
        OutputFolder.MakeFor(output ?? Path.Combine(folder, "located" + Ending));
        using var places = new PlacesFile(output ?? Path.Combine(folder, "located" + Ending));
        using CodesFile? codes = OpenCodes(parse, model);
        StrangestImages? strangest = parse.Given(_strangest) is { } count ? new StrangestImages(model, count) : null;
        ContactSheet? sheet = parse.GetValue(_sheet) ? new ContactSheet(model.Map.Grid, model.Shape) : null;
        bool keepsRows = _run.Json(parse);
        List<LocatedImage> rows = [];
        int images = 0;
        foreach (LocatedBatch batch in batches)
        {
            images += batch.Images.Count;
            WorkDone.Set("images located", images, total);
            places.Add(batch);
            codes?.Add(batch);
            strangest?.Add(batch);
            sheet?.Add(batch);
            rows.AddRange(keepsRows ? batch.Images : []);
        }

        if (images == 0)
        {
            throw new DataException("There is no image to locate: all pictures were left out, or the data set has no such images.");
        }

        places.Complete();
        string file = output ?? OutputFolder.FreeName(Path.Combine(folder, "located"), Ending, places.IsIn);
        places.SaveAs(file);
        codes?.Save();
        string beside = Path.GetDirectoryName(file)!;
        int scale = parse.Get(_scale);
        string?[] files =
        [
            file, parse.GetValue(_npz), Save(strangest?.Draw(), scale, beside, "strangest"), Save(sheet?.Draw(), scale, beside, "sheet"),
        ];
        return new Located(images, [.. files.OfType<string>()], rows, strangest?.Images);
    }

    private CodesFile? OpenCodes(ParseResult parse, SomAttnModel model)
    {
        if (parse.GetValue(_npz) is not { } path)
        {
            return null;
        }

        OutputFolder.MakeFor(path);
        return new CodesFile(path, model.CodeLength);
    }

    private static string? Save(Picture? picture, int scale, string folder, string name)
    {
        const string PictureEnding = ".png";
        if (picture is null)
        {
            return null;
        }

        byte[] bytes = picture.ToPng(scale);
        string file = OutputFolder.FreeName(Path.Combine(folder, name), PictureEnding, path => OutputFolder.Holds(path, bytes));
        AtomicFiles.OnDisk.Write(file, bytes);
        return file;
    }

    private void Print(ParseResult parse, TrainedRun run, Located located, string? reason, int skipped)
    {
        if (_run.Json(parse))
        {
            JsonOutput.Write(new
            {
                Run = run.Directory.Path,
                run.Checkpoint.Epoch,
                run.Checkpoint.Step,
                located.Files,
                Images = located.Count,
                Skipped = skipped,
                NoPercentiles = reason,
                located.Strangest,
                Located = located.Rows,
            });
            return;
        }

        if (located.Strangest is { } strangest)
        {
            PlaceTable.Print(strangest);
        }

        foreach (string file in located.Files)
        {
            Console.Out.WriteLine(file);
        }
    }

    /// <summary>Result of locating images.</summary>
    /// <param name="Count">Number of images.</param>
    /// <param name="Files">The written files.</param>
    /// <param name="Rows">The places; empty without --json.</param>
    /// <param name="Strangest">The images that fit least; null if they were not asked for.</param>
    private sealed record Located(
        int Count, IReadOnlyList<string> Files, IReadOnlyList<LocatedImage> Rows, IReadOnlyList<LocatedImage>? Strangest);
}
