using System.CommandLine;
using System.Globalization;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Verbs;

/// <summary>film: the map of each epoch, as an animated picture and as single ones.</summary>
internal sealed class FilmVerb(Command verb)
{
    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "Folder for film.gif and a picture of each epoch, epoch_000.png, ... Default: RUN/film. Example: --output /tmp/film"));

    private readonly RunOptions _run = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "film",
            "Draws how the map of a run organized itself: the decoded units after each epoch, with the neighborhood width as a circle. "
            + "Example: film 7");
        verb.SetAction(new FilmVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        using TrainedRun run = _run.Open(parse, (directory, settings) =>
        {
            if (!ModelTraits.Of(settings.Model).HasMap)
            {
                throw TrainedRun.Refuse(directory, settings.Model, "has no map");
            }
        });
        var model = (SomAttnModel)run.Model;
        IReadOnlyList<EpochMap> maps = run.Directory.ReadMaps(model.Map.Units);
        if (maps.Count == 0)
        {
            throw new FileException(
                $"{run.Directory.Path} has no maps of its epochs: an earlier version trained it, or it stopped before the first.");
        }

        string folder = parse.GetValue(_output) ?? Path.Combine(run.Directory.Path, "film");
        OutputFolder.Make(folder);
        var film = new MapFilm(model.Map.Grid, model.Settings.Epochs);
        List<Picture> frames = [];
        List<string> files = [Path.Combine(folder, "film.gif")];
        foreach (EpochMap map in maps)
        {
            Picture frame = film.Draw(map.InOrder(run.Order));
            string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"epoch_{map.Epoch:000}.png"));
            frame.Save(path);
            frames.Add(frame);
            files.Add(path);
        }

        AtomicFiles.OnDisk.Write(files[0], MapFilm.ToGif(frames));
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
