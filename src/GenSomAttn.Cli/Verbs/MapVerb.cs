using System.CommandLine;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Verbs;

/// <summary>map: draws pictures of a trained map.</summary>
internal sealed class MapVerb
{
    private readonly RunOptions _run = new();
    private readonly Option<string> _output = ValueForms.Path.CreateOption(
        "--output", "Folder for the pictures and, beside each, a CSV file of its numbers. Default: RUN/map. Example: --output /tmp/map");

    private readonly Option<UnitPosition> _from = ValueForms.Unit.CreateOption(
        "--from", "Unit at the start of the path of images. Default: 0,0. Example: --from 0,11");

    private readonly Option<UnitPosition> _to = ValueForms.Unit.CreateOption(
        "--to", "Unit at the end of the path of images. Default: the last one. Example: --to 11,0");

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var map = new MapVerb();
        var verb = new Command(
            "map",
            "Draws the map of a trained run: prototypes, U-matrix, hits, classes, errors, a path between two units, reconstructions. "
            + "Example: map 7 --from 0,0 --to 11,11");
        verb.Add(map._from);
        verb.Add(map._to);
        verb.Add(map._output);
        map._run.AddTo(verb);
        verb.SetAction(map.Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        int from = 0;
        int to = 0;
        using TrainedRun run = _run.Open(parse, (directory, settings) =>
        {
            if (settings.Model != ModelKind.SomAttn)
            {
                throw TrainedRun.Refuse(directory, settings.Model, "has no map");
            }

            from = parse.GetValue(_from).UnitOn(settings, "--from");
            UnitPosition last = new(settings.MapHeight - 1, settings.MapWidth - 1);
            to = (parse.GetResult(_to) is null ? last : parse.GetValue(_to)).UnitOn(settings, "--to");
        });
        var model = (SomAttnModel)run.Model;
        Dataset dataset = _run.LoadDataset(parse, run);
        string folder = parse.GetValue(_output) ?? Path.Combine(run.Directory.Path, "map");
        OutputFolder.Make(folder);

        // The map's numbers are those of the test images alone.
        using var test = new DeviceImages(model.Backend, dataset.Test, model.MaxBatch);
        MapStatistics statistics = new Evaluator(model).Evaluate(test, dataset.ClassNames.Count).Map!;
        IReadOnlyList<Figure> figures = new MapFigures(model, statistics, dataset).Draw(from, to);
        List<string> files = [.. figures.SelectMany(figure => PictureFile.Save(folder, figure))];
        if (_run.Json(parse))
        {
            JsonOutput.Write(new { Run = run.Directory.Path, Folder = folder, Files = files });
        }
        else
        {
            files.ForEach(Console.Out.WriteLine);
        }

        return ExitCodes.Done;
    }
}
