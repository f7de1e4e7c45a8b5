using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Verbs;

/// <summary>generate: draws new images from a trained model.</summary>
internal sealed class GenerateVerb(Command verb)
{
    private const int MaxImages = 10_000;
    private const string Ending = ".png";
    private readonly DefaultedOption<int> _count = verb.Declare(ValueForms.Whole(1, MaxImages).CreateOption(
        "--count", "Images.", 64, "--count 100"));

    private readonly Option<SamplerKind> _sampler = verb.Declare(ValueForms.OneOf<SamplerKind>().CreateOption(
        "--sampler", "For a map: isotropic (any unit, the same noise in all directions), density (units by their share of the images, with "
        + "the covariance of these), walk (along a line). For a VAE: prior. For an autoencoder: mixture (of Gaussians). "
        + "Default: density, or isotropic if --sigma is given; prior; mixture. Example: --sampler isotropic"));

    private readonly DefaultedOption<double> _sigma = verb.Declare(ValueForms.Number.CreateOption(
        "--sigma", "Standard deviation of the isotropic sampler's noise; without --sampler, selects this sampler.",
        MapSampler.DefaultSigma, "--sigma 0.4"));

    private readonly Option<double> _temperature = verb.Declare(ValueForms.Number.CreateOption(
        "--temperature", "Scale of the noise of the density, prior and mixture samplers. Default: 1. Example: --temperature 0.7"));

    private readonly Option<UnitPosition> _unit = verb.Declare(ValueForms.Unit.CreateOption(
        "--unit", "Generate around this unit alone; a walk begins there. Default: any. Example: --unit 3,11"));

    private readonly Option<ulong> _seed = verb.Declare(ValueForms.Seed.CreateOption(
        "--seed", "Seed of the random numbers: the same seed gives the same images. Default: a new one, on stderr. Example: --seed 7"));

    private readonly Option<string> _output = verb.Declare(ValueForms.Path.CreateOption(
        "--output", "The picture, a .png file. Default: in RUN, named by sampler, unit, noise, count and seed. Example: --output new.png"));

    private readonly Option<bool> _separate = verb.Declare(new Option<bool>("--separate")
    {
        Description = "Also write each image to a separate file, in a folder with the picture's name.",
    });

    private readonly Option<bool> _nearest = verb.Declare(new Option<bool>("--nearest")
    {
        Description = "Also write the images with the nearest training image beneath each, and their distance, to a picture whose name "
            + "ends in -nearest: a copy lies near its original.",
    });

    private readonly RunOptions _run = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command("generate", "Generates new images with a trained run. Example: generate 7 --count 100");
        verb.SetAction(new GenerateVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        OutputFolder.CheckEnding(parse.GetValue(_output), Ending);
        SamplerKind kind = default;
        int? unit = null;
        using TrainedRun run = _run.Open(parse, (directory, settings) =>
        {
            if (ModelTraits.Of(settings.Model).Samplers.Count == 0)
            {
                throw TrainedRun.Refuse(directory, settings.Model, "makes no images");
            }

            kind = Kind(parse, settings.Model);
            unit = parse.Given(_unit)?.UnitOn(settings, "--unit");
        });
        var model = (GenerativeModel)run.Model;
        var request = new SampleRequest(parse.Get(_count), Seed(parse), unit);
        var train = new Lazy<ImageSet>(() => _run.LoadDataset(parse, run).Train);
        var sampler = new ImageSampler(model, new Lazy<CodedImages>(() => Encode(model, kind, train.Value)), Notes.WriteOnce);
        Option<double> scale = kind == SamplerKind.Isotropic ? _sigma : _temperature;
        SampledImages samples = UsageException.Check(() => sampler.Draw(kind, request, parse.Given(scale)));

        byte[] picture = RunPictures.Samples(Title(kind, request), samples, model.Shape).ToPng();
        string output = parse.GetValue(_output)
            ?? OutputFolder.FreeName(
                Path.Combine(run.Directory.Path, DefaultName(parse, kind, request)), Ending, file => OutputFolder.Holds(file, picture));
        OutputFolder.MakeFor(output);
        AtomicFiles.OnDisk.Write(output, picture);
        List<string> files =
        [
            output,
            .. parse.GetValue(_nearest) ? SaveNearest(output, samples, model, train.Value) : (string[])[],
            .. parse.GetValue(_separate) ? SaveSeparately(output, samples, model) : [],
        ];
        if (_run.Json(parse))
        {
            int[] units = samples.Units.ToArray();
            JsonOutput.Write(
                new { Run = run.Directory.Path, Sampler = kind, request.Seed, request.Count, Files = files, Units = units });
        }
        else
        {
            files.ForEach(Console.Out.WriteLine);
        }

        return ExitCodes.Done;
    }

    /// <summary>
    /// Returns a name with everything that determines the picture: generated-isotropic-u3-11-sigma0.4-n64-s7, for example.
    /// </summary>
    private string DefaultName(ParseResult parse, SamplerKind kind, SampleRequest request)
    {
        string unit = parse.Given(_unit) is { } position ? $"-u{position.Row}-{position.Column}" : "";
        IEnumerable<string> scales =
            from option in new[] { _sigma, _temperature }
            where parse.GetResult(option) is not null
            select string.Create(CultureInfo.InvariantCulture, $"-{option.Name.TrimStart('-')}{parse.GetValue(option)}");
        return $"generated-{Name(kind)}{unit}{string.Concat(scales)}-n{request.Count}-s{request.Seed}";
    }

    private static string Title(SamplerKind kind, SampleRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"Generated, {Name(kind)}, seed {request.Seed}");

    /// <summary>Returns the sampler of the command line, or the model's default; refuses options that it would ignore.</summary>
    private SamplerKind Kind(ParseResult parse, ModelKind model)
    {
        IReadOnlyList<SamplerKind> kinds = ModelTraits.Of(model).Samplers;
        bool isByNoise = kinds.Contains(SamplerKind.Isotropic) && parse.GetResult(_sigma) is not null;
        SamplerKind kind = parse.Given(_sampler) ?? (isByNoise ? SamplerKind.Isotropic : kinds[0]);
        if (!kinds.Contains(kind))
        {
            throw new UsageException(
                $"--sampler {Name(kind)} does not apply to a {Name(model)}: give one of {string.Join(", ", kinds.Order().Select(Name))}.");
        }

        Option?[] ignored =
        [
            kind == SamplerKind.Isotropic ? null : _sigma,
            kind is SamplerKind.Isotropic or SamplerKind.Walk ? _temperature : null,
            kind is SamplerKind.Prior or SamplerKind.Mixture ? _unit : null,
        ];
        return ignored.FirstOrDefault(option => option is not null && parse.GetResult(option) is not null) is { } mistake
            ? throw new UsageException($"{mistake.Name} does not apply to --sampler {Name(kind)}: leave it out or take another sampler.")
            : kind;
    }

    /// <summary>Encodes the training images and reports it on stderr, because encoding and fitting the sampler can take long.</summary>
    private static CodedImages Encode(GenerativeModel model, SamplerKind kind, ImageSet train)
    {
        Console.Error.WriteLine($"sampler {Name(kind)}: fitted to {train.Count} training images ...");
        return CodedImages.Of(model, train, WorkDone.Encoded);
    }

    private ulong Seed(ParseResult parse)
    {
        if (parse.Given(_seed) is { } given)
        {
            return given;
        }

        int seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        Console.Error.WriteLine($"seed: {seed}");
        return (ulong)seed;
    }

    private static string[] SaveNearest(string output, SampledImages samples, GenerativeModel model, ImageSet train)
    {
        string file = Path.ChangeExtension(output, null) + "-nearest" + Ending;
        ImageSet images = SampleEvaluator.ToImages(samples.Pixels.Span, model.Shape);
        NearestPicture.Draw(images, train).Save(file);
        return [file];
    }

    private static List<string> SaveSeparately(string output, SampledImages samples, GenerativeModel model)
    {
        string folder = Path.ChangeExtension(output, null);
        OutputFolder.Make(folder);
        var files = new List<string>();
        for (int n = 0; n < samples.Count; n++)
        {
            string file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{n:0000}.png"));
            ReadOnlySpan<float> image = samples.Pixels.Span.Slice(n * model.Shape.Length, model.Shape.Length);
            ImageGrid.Draw(image, model.Shape, columns: 1, scale: 1, gap: 0).Save(file);
            files.Add(file);
        }

        return files;
    }

    private static string Name<T>(T kind)
        where T : struct, Enum => kind.ToString().ToLowerInvariant();
}
