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
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Verbs;

/// <summary>export: writes a trained run in formats that other programs read.</summary>
internal sealed class ExportVerb(Command verb)
{
    private const int MaxSamples = 100_000;
    private readonly DefaultedOption<ExportFormat> _format = verb.Declare(ValueForms.OneOf<ExportFormat>().CreateOption(
        "--format", "safetensors: the parameters in PyTorch's layouts. onnx: a folder with the networks encoder.onnx, decoder.onnx and "
        + "locate.onnx. npz, or npy in a folder: codebook, codes, units and labels as NumPy's arrays.",
        ExportFormat.Safetensors, "--format onnx"));

    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "The file, its name ending in .safetensors or .npz; of onnx and npy the folder. Default: model.safetensors, onnx, npy "
        + "or model.npz in RUN. Example: --output clothes.safetensors"));

    private readonly DefaultedOption<ImageSplit> _split = verb.Declare(ValueForms.OneOf<ImageSplit>().CreateOption(
        "--split", "Images whose codes are written as npy or npz, or that --real writes.", ImageSplit.All, "--split test"));

    private readonly Option<int> _samples = verb.Declare(ValueForms.Whole(1, MaxSamples).CreateOption(
        "--samples", "In place of a format: new images of the model's default sampler, a PNG file each in the folder --output, those that "
        + "'evaluate' scores. docs/DATA.md tells how to score them with pytorch-fid and torch-fidelity. Example: --samples 10000"));

    private readonly Option<bool> _real = verb.Declare(new Option<bool>("--real")
    {
        Description = "In place of a format: the images of --split, the test images if it is not given, a PNG file each in the folder "
            + "--output.",
    });

    private readonly DefaultedOption<ulong> _seed = verb.Declare(ValueForms.Seed.CreateOption(
        "--seed", "Seed of --samples.", 1UL, "--seed 7"));

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
        if (parse.Given(_samples) is not null || parse.GetValue(_real))
        {
            return WriteImages(parse);
        }

        if (parse.GetResult(_seed) is not null)
        {
            throw new UsageException("--seed is for --samples: leave it out.");
        }

        ExportFormat format = parse.Get(_format);
        bool hasImages = format is ExportFormat.Npy or ExportFormat.Npz;
        if (parse.GetResult(_split) is not null && !hasImages)
        {
            throw new UsageException("--split is for the formats npy and npz, and for --real: leave it out.");
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

    /// <summary>Writes generated or real images to a folder.</summary>
    private int WriteImages(ParseResult parse)
    {
        bool isReal = parse.GetValue(_real);
        CheckOptionsOfImages(parse, isReal);
        string folder = parse.GetValue(_output)!;
        using TrainedRun run = _run.Open(parse, inTrainingOrder: true);
        Dataset dataset = _run.LoadDataset(parse, run);
        int count = isReal ? RealSets(parse, dataset).Sum(set => set.Count) : parse.GetValue(_samples);
        if (count == 0)
        {
            throw new DataException("There is no image to write: the data set has no test images.");
        }

        ImageFolder.Check(folder, count, parse.GetValue(_overwrite));
        ImageFolder.Write(isReal ? RealSets(parse, dataset) : [Draw(parse, run, dataset)], folder);
        if (_run.Json(parse))
        {
            JsonOutput.Write(new { Run = run.Directory.Path, Folder = folder, Images = count });
        }
        else
        {
            Console.Out.WriteLine(folder);
        }

        return ExitCodes.Done;
    }

    private void CheckOptionsOfImages(ParseResult parse, bool isReal)
    {
        string name = isReal ? "--real" : "--samples";
        Option?[] ignored = [_format, isReal ? _samples : _split, isReal ? _seed : null];
        if (ignored.FirstOrDefault(option => option is not null && parse.GetResult(option) is not null) is { } mistake)
        {
            throw new UsageException($"{mistake.Name} does not go with {name}: leave it out.");
        }

        if (parse.GetValue(_output) is null)
        {
            throw new UsageException($"{name} writes a file for each image: give a folder as --output.");
        }
    }

    private ImageSet[] RealSets(ParseResult parse, Dataset dataset) =>
        parse.GetResult(_split) is null ? [dataset.Test] : SetsOf(dataset, parse.Get(_split));

    /// <summary>Draws the images of --samples, those that 'evaluate' scores first.</summary>
    private ImageSet Draw(ParseResult parse, TrainedRun run, Dataset dataset)
    {
        if (run.Model is not GenerativeModel model)
        {
            throw TrainedRun.Refuse(run.Directory, run.Model.Settings.Model, "makes no images");
        }

        var sampler = new ImageSampler(model, new Lazy<CodedImages>(() => CodedImages.Of(model, dataset.Train)), Notes.WriteOnce);
        SamplerKind kind = ModelTraits.Of(model.Settings.Model).Samplers[0];
        SampledImages samples = sampler.Draw(kind, new SampleRequest(parse.GetValue(_samples), parse.Get(_seed)));
        return SampleEvaluator.ToImages(samples.Pixels.Span, model.Shape);
    }

    private static ImageSet[] SetsOf(Dataset dataset, ImageSplit split) => split switch
    {
        ImageSplit.Train => [dataset.Train],
        ImageSplit.Test => [dataset.Test],
        _ => [dataset.Train, dataset.Test],
    };

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
        ImageSet[] sets = SetsOf(dataset, parse.Get(_split));
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
