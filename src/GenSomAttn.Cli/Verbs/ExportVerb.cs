using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Exporting;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Verbs;

/// <summary>export: writes a trained run in formats that other programs read.</summary>
internal sealed class ExportVerb(Command verb)
{
    private readonly DefaultedOption<ExportFormat> _format = verb.Declare(ValueForms.OneOf<ExportFormat>().CreateOption(
        "--format", "safetensors: the parameters in PyTorch's layouts. onnx: a folder with the networks encoder.onnx, decoder.onnx and "
        + "locate.onnx. npz, or npy in a folder: codebook, codes, units and labels as NumPy's arrays.",
        ExportFormat.Safetensors, "--format onnx"));

    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "The file, its name ending in .safetensors or .npz; of onnx and npy the folder. Default: model.safetensors, onnx, npy "
        + "or model.npz in RUN. Example: --output clothes.safetensors"));

    private readonly DefaultedOption<ImageSplit> _split = verb.Declare(ValueForms.OneOf<ImageSplit>().CreateOption(
        "--split", "Images whose codes are written as npy or npz.", ImageSplit.All, "--split test"));

    private readonly Option<bool> _overwrite = verb.Declare(new Option<bool>("--overwrite")
    {
        Description = "Replace files that are there already.",
    });

    private readonly RunOptions _run = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "export",
            "Writes a trained run for other programs; docs/FORMATS.md tells how to open each file. Example: export 7 --format onnx");
        verb.SetAction(new ExportVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        ExportFormat format = parse.Get(_format);
        bool hasImages = format is ExportFormat.Npy or ExportFormat.Npz;
        if (parse.GetResult(_split) is not null && !hasImages)
        {
            throw new UsageException("--split is for the formats npy and npz: leave it out.");
        }

        if (format is ExportFormat.Safetensors or ExportFormat.Npz)
        {
            OutputFolder.CheckEnding(parse.GetValue(_output), $".{NameOf(format)}");
        }

        if (!hasImages)
        {
            _run.CheckAccelerator(parse);
        }

        RunDirectory run = _run.Directory(parse);
        Checkpoint checkpoint = _run.Checkpoint(parse);
        ModelKind model = checkpoint.Settings.Model;
        if (format == ExportFormat.Onnx && !OnnxNetworks.Has(model))
        {
            throw TrainedRun.Refuse(run, model, "has neither code nor decoder; its parameters are exported as safetensors");
        }

        IReadOnlyList<string> paths = Paths(format, parse.GetValue(_output), run, ModelTraits.Of(model).HasMap);
        CheckFree(paths, parse.GetValue(_overwrite));
        IReadOnlyList<string> files = hasImages ? WriteArrays(parse, paths) : Write(format, checkpoint, paths);
        Print(run, format, files, _run.Json(parse));
        return ExitCodes.Done;
    }

    private static string NameOf(ExportFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>Returns the files of a format; npy may write fewer.</summary>
    private static IReadOnlyList<string> Paths(ExportFormat format, string? output, RunDirectory run, bool hasMap)
    {
        string name = NameOf(format);
        IEnumerable<string> parts = format == ExportFormat.Npy ? ArraysFile.Names(hasMap)
            : hasMap ? ["encoder", "decoder", "locate"] : ["encoder", "decoder"];
        return format is ExportFormat.Onnx or ExportFormat.Npy
            ? [.. parts.Select(part => Path.Combine(output ?? Path.Combine(run.Path, name), $"{part}.{name}"))]
            : [output ?? Path.Combine(run.Path, $"model.{name}")];
    }

    /// <summary>
    /// Refuses existing files unless they may be replaced, and a run's checkpoint always: a run cannot be resumed from parameters alone.
    /// </summary>
    private static void CheckFree(IReadOnlyList<string> paths, bool mayReplace)
    {
        if (paths.FirstOrDefault(RunDirectory.IsCheckpoint) is { } checkpoint)
        {
            throw new UsageException($"--output {checkpoint}: there is a checkpoint that 'resume' needs. Give another name.");
        }

        if (!mayReplace && paths.FirstOrDefault(File.Exists) is { } existing)
        {
            throw new UsageException($"{existing} is there already: give --overwrite to replace it, or another --output.");
        }

        foreach (string path in paths)
        {
            OutputFolder.MakeFor(path);
        }
    }

    private static IReadOnlyList<string> Write(ExportFormat format, Checkpoint checkpoint, IReadOnlyList<string> paths)
    {
        checkpoint = InShownOrder(checkpoint);
        IEnumerable<byte[]> contents = format == ExportFormat.Onnx
            ? OnnxNetworks.Write(checkpoint, ProgramInfo.Version).Select(network => network.Content)
            : [CheckpointFile.ToBytes(checkpoint.WithoutOptimizer())];
        foreach ((string path, byte[] content) in paths.Zip(contents))
        {
            AtomicFiles.OnDisk.Write(path, content);
        }

        return paths;
    }

    /// <summary>Returns the checkpoint with the units in the order in which maps are shown, as 'locate' numbers them.</summary>
    private static Checkpoint InShownOrder(Checkpoint checkpoint)
    {
        if (!ModelTraits.Of(checkpoint.Settings.Model).HasMap)
        {
            return checkpoint;
        }

        using Backend<float> backend = BackendFactory.Create("cpu", threads: 1);
        using ImageModel model = ImageModel.Restore(backend, checkpoint);
        CanonicalOrder.Arrange((SomAttnModel)model);
        return checkpoint with { Tensors = model.Export() };
    }

    private IReadOnlyList<string> WriteArrays(ParseResult parse, IReadOnlyList<string> paths)
    {
        using TrainedRun run = _run.Open(parse);
        Dataset dataset = _run.LoadDataset(parse, run);
        ImageSplit split = parse.Get(_split);
        ImageSet[] sets = split switch
        {
            ImageSplit.Train => [dataset.Train],
            ImageSplit.Test => [dataset.Test],
            _ => [dataset.Train, dataset.Test],
        };
        return sets.Sum(set => set.Count) == 0
            ? throw new DataException("There is no image whose code to write: the data set has no test images.")
            : ArraysFile.Write(run.Model, sets, dataset.ClassNames.Count > 0, paths);
    }

    private static void Print(RunDirectory run, ExportFormat format, IReadOnlyList<string> files, bool json)
    {
        if (json)
        {
            JsonOutput.Write(new
            {
                Run = run.Path,
                Format = format,
                Files = files.Select(file => new { File = file, Bytes = new FileInfo(file).Length }),
            });
            return;
        }

        foreach (string file in files)
        {
            Console.Out.WriteLine(file);
        }
    }
}
