using System.Diagnostics;
using System.Text;
using System.Text.Json;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Formats;
using GenSomAttn.Model.Baselines;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Comparing;

/// <summary>
/// Trains and scores models one after another, each in its own run directory. Finished trainings and scores of an earlier comparison in
/// the same folder are reused, unfinished trainings are resumed, and those locked by another process are skipped, so that several
/// processes share the work.
/// </summary>
/// <param name="backend">Backend of trainings and scores.</param>
/// <param name="dataset">The data.</param>
/// <param name="scorer">Classifier that scores generated images; null leaves these scores out.</param>
/// <param name="scorerId">Identifies the scorer: scores of different scorers are not comparable.</param>
/// <param name="folder">Folder of the run directories.</param>
/// <param name="signals">Signals that stop the comparison.</param>
internal sealed class Comparer(
    Backend<float> backend, Dataset dataset, SampleEvaluator? scorer, string scorerId, string folder, StopSignals signals)
{
    private const ulong SampleSeed = 1;

    /// <summary>Whether each run gets an atlas.</summary>
    public bool WithAtlas { get; init; }

    /// <summary>Lines that were written: ranks look for work again and again.</summary>
    private readonly HashSet<string> _told = [];

    /// <summary>Trains and scores models and baselines, then reads the results; a signal stops it before the next one.</summary>
    /// <param name="trainings">The trainings.</param>
    /// <param name="progress">Creates the progress display of a training.</param>
    /// <returns>The results that are there, and the number that other processes have not finished.</returns>
    public (ComparedRun[] Runs, int Left) WorkAll(IReadOnlyList<ComparedTraining> trainings, Func<ITrainingProgress> progress)
    {
        ComparedRun[] runs;
        do
        {
            if (!trainings.All(training => Work(training.Model, training.Config, progress())))
            {
                return ([], trainings.Count);
            }

            runs = [.. trainings.Select(training => Read(training.Model, training.Config)).OfType<ComparedRun>()];
        }
        while (runs.Length < trainings.Count && TableLock.WaitForOthers(signals));
        return (runs, trainings.Count - runs.Length);
    }

    /// <summary>Trains and scores a model or a baseline; does nothing if it is finished or locked by another process.</summary>
    /// <param name="model">The model.</param>
    /// <param name="config">All but the settings; its seed is that of its settings.</param>
    /// <param name="progress">Progress display of the training.</param>
    /// <returns>False if a signal stopped it.</returns>
    private bool Work(ComparedModel model, RunConfig config, ITrainingProgress progress)
    {
        RunConfig own = config with { Settings = Settings(model, config) };
        if (model.Baseline is { } kind)
        {
            return RunBaseline(model, own.Settings, kind);
        }

        RunDirectory run = FindOrBegin(own);
        using IDisposable? held = run.TryLock();
        Tell(model, own.Settings, run.Path, held);
        if (held is null || File.Exists(ScoresPath(run)))
        {
            return true;
        }

        if (!IsTrained(run, own) && !Train(run, own, progress))
        {
            return false;
        }

        using ImageModel trained = ImageModel.Restore(backend, run.LoadCheckpoint());
        var request = new SampleRequest(Math.Max(1, dataset.Test.Count), SampleSeed);
        Write(ScoresPath(run), ModelEvaluation.Of(trained, dataset, scorer, request, Notes.WriteOnce));
        return true;
    }

    /// <summary>Returns the result of a model or a baseline.</summary>
    /// <param name="model">The model.</param>
    /// <param name="config">All but the settings; its seed is that of its settings.</param>
    /// <returns>The result; null if there are no scores yet.</returns>
    private ComparedRun? Read(ComparedModel model, RunConfig config)
    {
        RunConfig own = config with { Settings = Settings(model, config) };
        if (model.Baseline is { } kind)
        {
            return ReadBaseline(model, BaselinePath(kind, own.Settings));
        }

        if (Find(own) is not { } run || !File.Exists(ScoresPath(run)))
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(ScoresPath(run)));
        ModelEvaluation scores = JsonOutput.Read<ModelEvaluation>(document.RootElement);
        return new ComparedRun(
            model, own.Settings.Seed, run.Path, ParameterCounts.Of(run.LoadCheckpoint().Tensors)["total"],
            run.Metrics.Read().Sum(row => row.Seconds), scores);
    }

    private bool RunBaseline(ComparedModel model, TrainingSettings settings, PixelBaselineKind kind)
    {
        string path = BaselinePath(kind, settings);
        Directory.CreateDirectory(folder);
        using IDisposable? held = FileLock.TryTake($"{path}.lock");
        Tell(model, settings, path, held);
        if (held is null || ReadBaseline(model, path) is not null)
        {
            return true;
        }

        long began = Stopwatch.GetTimestamp();
        try
        {
            EvaluationResult scores = PixelBaseline.Score(kind, backend, dataset, settings, Notes.WriteOnce, signals.Token);
            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var run = new ComparedRun(model, settings.Seed, Folder: null, Parameters: null, seconds, new ModelEvaluation(scores));
            Write(path, new BaselineFile(dataset.Sha256, run));
            return true;
        }
        catch (OperationCanceledException) when (signals.Received is not null)
        {
            Console.Error.WriteLine($"stopped by {signals.Received}; the same command resumes the comparison and restarts {model.Name}");
            return false;
        }
    }

    private ComparedRun? ReadBaseline(ComparedModel model, string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        var former = JsonOutput.Read<BaselineFile>(document.RootElement);
        return former.DataSha256 == dataset.Sha256 && former.Run.Model == model ? former.Run : null;
    }

    private string BaselinePath(PixelBaselineKind kind, TrainingSettings settings) =>
        Path.Combine(
            folder, $"floor-{kind.ToString().ToLowerInvariant()}-{settings.MapHeight}x{settings.MapWidth}-s{settings.Seed}.json");

    private string ScoresPath(RunDirectory run) => Path.Combine(run.Path, $"scores-{scorerId}.json");

    private void Tell(ComparedModel model, TrainingSettings settings, string path, IDisposable? held)
    {
        string line = $"{model.Name}, seed {settings.Seed}: {path}{(held is null ? ": left to another process" : "")}";
        if (_told.Add(line))
        {
            Console.Error.WriteLine(line);
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
        .FirstOrDefault(run => IsOf(run, wanted));

    /// <summary>Returns whether a run is the training of a configuration; other runs in the folder may be damaged.</summary>
    private static bool IsOf(RunDirectory run, RunConfig wanted)
    {
        try
        {
            RunConfig config = RunConfig.Load(run.ConfigPath);
            return config.Settings == wanted.Settings && config.DataSha256 == wanted.DataSha256 && config.Init == wanted.Init;
        }
        catch (FileException exception)
        {
            Notes.WriteOnce(exception.Message);
            return false;
        }
    }

    private RunDirectory FindOrBegin(RunConfig config)
    {
        Directory.CreateDirectory(folder);
        using IDisposable held = FileLock.Take(Path.Combine(folder, "runs.lock"));
        if (Find(config) is { } found)
        {
            return found;
        }

        var run = RunDirectory.Create(folder, config.Settings);
        RunStart.Write(run, config, dataset);
        return run;
    }

    private bool Train(RunDirectory run, RunConfig config, ITrainingProgress progress)
    {
        using Trainer trainer = TrainerFactory.Create(backend, config.Settings, dataset);
        TrainingResume.Continue(run, trainer);
        return new TrainingSession(run, config, trainer, WithAtlas ? dataset : null, signals).Train(progress) is not null;
    }

    private static void Write<T>(string path, T document) =>
        AtomicFiles.OnDisk.Write(path, Encoding.UTF8.GetBytes(JsonOutput.ToElement(document).GetRawText() + "\n"));

    /// <summary>A baseline as stored in its file.</summary>
    /// <param name="DataSha256">SHA-256 of its data.</param>
    /// <param name="Run">The baseline.</param>
    private sealed record BaselineFile(string DataSha256, ComparedRun Run);
}
