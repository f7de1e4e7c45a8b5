using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Verbs;

/// <summary>export: writes the trained parameters without the optimizer's state.</summary>
internal sealed class ExportVerb(Command verb)
{
    private readonly Argument<string> _run = verb.Declare(CommonOptions.Run());
    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "The file, its name ending in .safetensors. Default: RUN/model.safetensors. Example: --output clothes.safetensors"));

    private readonly Option<bool> _json = verb.Declare(CommonOptions.Json());

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "export",
            "Writes the parameters of a run as a safetensors file in PyTorch's layouts, without the optimizer's moments: a third of the "
            + "size. Example: export 7 --output clothes.safetensors");
        verb.SetAction(new ExportVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        OutputFolder.CheckEnding(parse.GetValue(_output), ".safetensors");
        RunDirectory directory = RunDirectory.Open(parse.GetRequiredValue(_run));
        string path = parse.GetValue(_output) ?? Path.Combine(directory.Path, "model.safetensors");
        byte[] bytes = CheckpointFile.ToBytes(directory.LoadCheckpoint().WithoutOptimizer());
        RefuseCheckpoint(path);
        OutputFolder.MakeFor(path);
        AtomicFiles.OnDisk.Write(path, bytes);
        if (parse.GetValue(_json))
        {
            JsonOutput.Write(new { Run = directory.Path, File = path, Bytes = bytes.Length });
        }
        else
        {
            Console.Out.WriteLine(path);
        }

        return ExitCodes.Done;
    }

    /// <summary>Refuses to overwrite a run's checkpoint: a run cannot be resumed from parameters alone.</summary>
    private static void RefuseCheckpoint(string path)
    {
        if (RunDirectory.IsCheckpoint(path))
        {
            throw new UsageException($"--output {path}: there is a checkpoint that 'resume' needs. Give another name.");
        }
    }
}
