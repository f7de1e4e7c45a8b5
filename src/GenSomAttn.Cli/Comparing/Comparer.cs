using System.Diagnostics;
using System.Text;
using System.Text.Json;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Model;
using GenSomAttn.Model.Baselines;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Comparing;

/// <summary>
/// Trains and scores models one after another, each in a run directory of its own. What a former comparison in the same folder has
/// trained or scored is not done again; what it left unfinished goes on.
/// </summary>
/// <param name="backend">Who computes.</param>
/// <param name="dataset">The data.</param>
/// <param name="scorer">Scores generated images; null leaves them out.</param>
/// <param name="scorerId">Names the scorer: scores by one are not those by another.</param>
/// <param name="folder">Where the run directories are made.</param>
/// <param name="signals">What may stop it.</param>
internal sealed class Comparer(
    IBackend backend, Dataset dataset, SampleEvaluator? scorer, string scorerId, string folder, StopSignals signals)
{
    private const ulong SampleSeed = 1;

    /// <summary>Makes the run directory of a model, unless there is one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="config">All but the settings; its seed is that of its settings.</param>
    /// <returns>Its path; null where nothing is left to train.</returns>
    public string? Begin(ComparedModel model, RunConfig config)
    {
        if (model.Floor is not null)
        {
            return null;
        }

        RunConfig own = config with { Settings = Settings(model, config) };
        RunDirectory run = FindOrBegin(own);
        return IsTrained(run, own) ? null : run.Path;
    }

    /// <summary>Trains and scores a model, or finds and scores a floor.</summary>
    /// <param name="model">The model.</param>
    /// <param name="config">All but the settings; its seed is that of its settings.</param>
    /// <param name="progress">Shows how the training goes.</param>
    /// <returns>The scores; null if a signal stopped it.</returns>
    public ComparedRun? Run(ComparedModel model, RunConfig config, ITrainingProgress progress)
    {
        TrainingSettings settings = Settings(model, config);
        if (model.Floor is { } kind)
        {
            return Floor(model, settings, kind);
        }

        RunConfig own = config with { Settings = settings };
        RunDirectory run = FindOrBegin(own);
        Console.Error.WriteLine($"{model.Name}, seed {settings.Seed}: {run.Path}");
        if (!IsTrained(run, own) && !Train(run, own, progress))
        {
            return null;
        }

        Checkpoint checkpoint = run.LoadCheckpoint();
        ModelEvaluation scores = Score(run, checkpoint);
        return new ComparedRun(
            model, settings.Seed, run.Path, ParameterCounts.Of(checkpoint.Tensors)["total"], run.Metrics.Read().Sum(row => row.Seconds),
            scores);
    }

    private ComparedRun? Floor(ComparedModel model, TrainingSettings settings, PixelFloorKind kind)
    {
        string path = Path.Combine(folder, $"floor-{kind.ToString().ToLowerInvariant()}-s{settings.Seed}.json");
        Console.Error.WriteLine($"{model.Name}, seed {settings.Seed}: {path}");
        if (File.Exists(path))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            var former = JsonOutput.Read<FloorFile>(document.RootElement);
            if (former.DataSha256 == dataset.Sha256 && former.Run.Model == model)
            {
                return former.Run;
            }
        }

        long began = Stopwatch.GetTimestamp();
        try
        {
            EvaluationResult scores = PixelFloor.Score(kind, backend, dataset, settings, signals.Token);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var run = new ComparedRun(model, settings.Seed, Folder: null, Parameters: null, seconds, new ModelEvaluation(scores));
            Write(path, new FloorFile(dataset.Sha256, run));
            return run;
        }
        catch (OperationCanceledException) when (signals.Received is not null)
        {
            Console.Error.WriteLine($"stopped by {signals.Received}; the same command goes on, and begins again with {model.Name}");
            return null;
        }
    }

    private static TrainingSettings Settings(ComparedModel model, RunConfig config) =>
        model.Settings with { Seed = config.Settings.Seed, Limit = config.Settings.Limit };

    private static bool IsTrained(RunDirectory run, RunConfig config) =>
        run.Metrics.Read() is [.., var last] && last.Epoch >= config.Settings.Epochs;

    private RunDirectory? Find(RunConfig wanted) => !Directory.Exists(folder) ? null : Directory.EnumerateDirectories(folder)
        .Order(StringComparer.Ordinal)
        .Where(path => File.Exists(Path.Combine(path, "config.json")))
        .Select(path => RunDirectory.Open(path))
        .FirstOrDefault(run => RunConfig.Load(run.ConfigPath) is var config && config.Settings == wanted.Settings
            && config.DataSha256 == wanted.DataSha256);

    private RunDirectory FindOrBegin(RunConfig config)
    {
        if (Find(config) is { } found)
        {
            return found;
        }

        var run = RunDirectory.Create(folder, config.Settings);
        RunBeginning.Write(run, config, dataset);
        return run;
    }

    private bool Train(RunDirectory run, RunConfig config, ITrainingProgress progress)
    {
        using IDisposable held = run.Lock();
        using Trainer trainer = Trainers.Create(backend, config.Settings, dataset);
        Resumption.GoOn(run, trainer);
        return new TrainingSession(run, config, trainer, signals).Train(progress) is not null;
    }

    private ModelEvaluation Score(RunDirectory run, Checkpoint checkpoint)
    {
        string path = Path.Combine(run.Path, $"scores-{scorerId}.json");
        if (File.Exists(path))
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return JsonOutput.Read<ModelEvaluation>(document.RootElement);
        }

        using ImageModel model = ImageModel.Restore(backend, checkpoint);
        ModelEvaluation scores = ModelEvaluation.Of(model, dataset, scorer, new SampleRequest(dataset.Test.Count, SampleSeed));
        Write(path, scores);
        return scores;
    }

    private static void Write<T>(string path, T document) =>
        AtomicFiles.OnDisk.Write(path, Encoding.UTF8.GetBytes(JsonOutput.ToElement(document).GetRawText() + "\n"));

    /// <summary>A floor as it is kept.</summary>
    /// <param name="DataSha256">Of the data that it was found on.</param>
    /// <param name="Run">The floor.</param>
    private sealed record FloorFile(string DataSha256, ComparedRun Run);
}
