using System.CommandLine;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Engine.Som;
using GenSomAttn.Model;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Pictures;

namespace GenSomAttn.Cli.Verbs;

/// <summary>map: pictures of a trained map.</summary>
internal sealed class MapVerb
{
    private readonly RunOptions _run = new();
    private readonly Option<string> _output = ValueForms.Path.CreateOption(
        "--output", "Folder for the pictures and, beside each, the numbers that it shows. Default: RUN/map. Example: --output /tmp/map");

    private readonly Option<UnitPosition> _from = ValueForms.Unit.CreateOption(
        "--from", "Unit at which the path of images begins. Default: 0,0. Example: --from 0,11");

    private readonly Option<UnitPosition> _to = ValueForms.Unit.CreateOption(
        "--to", "Unit at which the path of images ends. Default: the last one. Example: --to 11,0");

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var map = new MapVerb();
        var verb = new Command(
            "map",
            "Draws the map of a trained run: prototypes, U-matrix, hits, classes, errors, a path between two units, reconstructions. "
            + "Example: map 7 --from 0,0 --to 11,11");
        map._run.AddTo(verb);
        verb.Add(map._output);
        verb.Add(map._from);
        verb.Add(map._to);
        verb.SetAction(map.Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        using TrainedRun run = _run.Open(parse);
        SomAttnModel model = run.ModelAs<SomAttnModel>("has no map");
        SelfOrganizingMap map = model.Map;
        int from = parse.GetValue(_from).UnitOn(map, "--from");
        int to = parse.GetResult(_to) is null ? map.Units - 1 : parse.GetValue(_to).UnitOn(map, "--to");
        Dataset dataset = run.LoadDataset(_run.Data(parse));
        string folder = parse.GetValue(_output) ?? Path.Combine(run.Directory.Path, "map");
        OutputFolder.Make(folder);

        MapStatistics statistics = new Evaluator(model).Evaluate(dataset).Map!;
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
