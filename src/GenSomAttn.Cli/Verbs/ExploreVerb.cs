using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Formats;
using GenSomAttn.Model.Atlas;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Verbs;

/// <summary>explore: writes the atlas of a trained map.</summary>
internal sealed class ExploreVerb(Command verb)
{
    private const string Ending = ".html";

    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "The page, an .html file. Default: RUN/atlas.html. Example: --output /tmp/atlas.html"));

    private readonly RunOptions _run = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "explore",
            "Writes the atlas of a trained run: one HTML file for a browser, without a network, with the map, its networks, real images, "
            + "layers, paths and new images. Example: explore 7");
        verb.SetAction(new ExploreVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        OutputFolder.CheckEnding(parse.GetValue(_output), Ending);
        using TrainedRun run = _run.Open(parse, (directory, settings) =>
        {
            if (!ModelTraits.Of(settings.Model).HasMap)
            {
                throw TrainedRun.Refuse(directory, settings.Model, "has no map");
            }
        });
        string output = parse.GetValue(_output) ?? run.Directory.AtlasPath;
        OutputFolder.MakeFor(output);
        AtlasRun facts = AtlasFacts.OfResult(run.Directory, run.Checkpoint.Epoch, run.Order);
        byte[] page = AtlasPage.Build((SomAttnModel)run.Model, facts, _run.LoadDataset(parse, run), ofAll: true, WorkDone.Encoded);
        AtomicFiles.OnDisk.Write(output, page);
        if (_run.Json(parse))
        {
            JsonOutput.Write(new { Run = run.Directory.Path, File = output, Bytes = page.Length });
        }
        else
        {
            Console.Out.WriteLine(output);
        }

        return ExitCodes.Done;
    }
}
