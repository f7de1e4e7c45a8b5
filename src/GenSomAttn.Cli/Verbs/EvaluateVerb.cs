using System.CommandLine;
using System.Text.Json.Nodes;
using GenSomAttn.Cli.Advising;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Inception;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Sampling;

namespace GenSomAttn.Cli.Verbs;

/// <summary>evaluate: every score on the test images and on generated images.</summary>
internal sealed class EvaluateVerb(Command verb)
{
    private const int MaxSamples = 100_000;
    private readonly Option<string> _classifier = verb.Declare(CommonOptions.Classifier());
    private readonly Option<int> _samples = verb.Declare(ValueForms.Whole(0, MaxSamples).CreateOption(
        "--samples", "Images to generate and score, 0 for none. Default: as many as there are test images. Example: --samples 1000"));

    private readonly DefaultedOption<ulong> _seed = verb.Declare(ValueForms.Seed.CreateOption(
        "--seed", "Seed of the generated images.", 1UL, "--seed 7"));

    private readonly Option<string> _inception = verb.Declare(ValueForms.Path.CreateOption(
        "--inception", "The weights of the Inception network, a safetensors file that docs/DATA.md tells how to make: also FID and IS as "
        + "other papers compute them. Takes many minutes. Default: without. Example: --inception inception.safetensors"));

    private readonly Option<bool> _noAdvice = verb.Declare(CommonOptions.NoAdvice());
    private readonly RunOptions _run = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "evaluate", "Scores a trained run on the test images of its data set, and images that it generates; writes the "
            + "scores to scores.json in the run. Example: evaluate 7 --json");
        verb.SetAction(new EvaluateVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        const int Least = SampleEvaluator.MinImages;
        if (parse.GetValue(_samples) is > 0 and < Least and var few)
        {
            throw new UsageException($"--samples {few} is too few to score: give at least {Least}, or 0 for none.");
        }

        // The order of the units is that of the training, so that the samplers draw the same images as those of 'compare'.
        using TrainedRun run = _run.Open(parse, inTrainingOrder: true);
        Dataset dataset = _run.LoadDataset(parse, run);
        CheckInception(parse, run, dataset);
        ulong seed = parse.Get(_seed);
        int samples = parse.Given(_samples) ?? dataset.Test.Count;
        bool scoresSamples = run.Model is GenerativeModel && parse.Given(_samples) is not 0;
        (ClassifierModel? classifier, string? reason) = scoresSamples
            ? ClassifierFile.Open(run.Model.Backend, dataset, parse.GetValue(_classifier))
            : (null, null);
        using (classifier)
        using (InceptionNetwork? network = OpenInception(parse, run, reason))
        {
            InceptionScorer? inception = network is null ? null : new InceptionScorer(network, dataset.Test, Console.Error.WriteLine);
            SampleEvaluator? scorer = classifier is null ? null : new SampleEvaluator(classifier, dataset, inception);
            var request = new SampleRequest(Math.Max(1, samples), seed);
            ModelEvaluation scores = ModelEvaluation.Of(run.Model, dataset, scorer, request, Notes.WriteOnce);
            var head = new { Run = run.Directory.Path, run.Checkpoint.Epoch, run.Checkpoint.Step };
            var conditions = new
            {
                Data = _run.DataOf(parse, run),
                DataSha256 = dataset.Sha256,
                Seed = seed,
                Classifier = classifier is null ? null : ClassifierFile.PathOf(parse.GetValue(_classifier)),
                Inception = inception is null ? null : new
                {
                    Weights = network!.WeightsPath,
                    WeightsSha256 = network.WeightsSha256,
                    IsReal = inception.RealIs.Mean,
                },
            };
            JsonObject document = JsonOutput.Merge(head, scores, SamplerTable.First(scores), new { NotScored = reason }, conditions);
            Save(run, dataset, document);
            Print(head, scores, reason, _run.Json(parse) ? document : null);
            if (run.IsOwn(dataset) && !_run.Json(parse) && !parse.GetValue(_noAdvice))
            {
                AdviceText.Note(() => RunFacts.Of(run.Directory, run.Checkpoint.Settings, dataset, scores.Map));
            }
        }

        return ExitCodes.Done;
    }

    /// <summary>Refuses --inception where there are no images to score, or too few.</summary>
    private void CheckInception(ParseResult parse, TrainedRun run, Dataset dataset)
    {
        const int Least = InceptionScorer.MinImages;
        if (parse.GetValue(_inception) is null)
        {
            return;
        }

        if (run.Model is not GenerativeModel || parse.Given(_samples) is 0)
        {
            throw new UsageException("--inception scores generated images, and here are none: leave it out.");
        }

        if (parse.Given(_samples) is < Least and var few)
        {
            throw new UsageException($"--inception with --samples {few}: FID needs at least {Least} images, as many as features.");
        }

        if (dataset.Test.Count < Least)
        {
            throw new DataException(
                $"--inception needs at least {Least} test images, as many as it has features, and there are {dataset.Test.Count}: "
                + "leave it out, or give more images.");
        }
    }

    /// <summary>Loads the network of --inception; null without it.</summary>
    /// <exception cref="DataException">Generated images are not scored, for the reason given.</exception>
    private InceptionNetwork? OpenInception(ParseResult parse, TrainedRun run, string? reason) => parse.GetValue(_inception) switch
    {
        null => null,
        _ when reason is not null => throw new DataException($"--inception is given, but generated images are not scored: {reason}."),
        string path => InceptionNetwork.Load(run.Model.Backend, path),
    };

    /// <summary>Saves the scores in the run, unless they are of other data; prints the path to stderr.</summary>
    private static void Save(TrainedRun run, Dataset dataset, JsonObject document)
    {
        if (!run.IsOwn(dataset))
        {
            Console.Error.WriteLine(
                "note: the scores are not saved, because they are not of the run's data; --json prints them as a document");
            return;
        }

        try
        {
            run.Directory.SaveScores(JsonOutput.ToText(document));
            Console.Error.WriteLine($"scores: {run.Directory.ScoresPath}");
        }
        catch (FileException exception)
        {
            Console.Error.WriteLine($"warning: the scores are not saved: {exception.Message}");
        }
    }

    private static void Print(object head, ModelEvaluation scores, string? reason, JsonObject? document)
    {
        if (reason is not null)
        {
            Console.Error.WriteLine($"note: generated images are not scored: {reason}");
        }

        if (document is not null)
        {
            JsonOutput.Write(document);
            return;
        }

        ScoreTable.Print("run", head);
        ScoreTable.PrintScores(scores);
        SamplerTable.Print(scores);
    }
}
