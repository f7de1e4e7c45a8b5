using GenSomAttn.Backends;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Model.Atlas;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.BrowserTests;

/// <summary>A model with its page in a temporary folder.</summary>
internal sealed class TrainedMap : IDisposable
{
    private readonly Backend<float> _backend;
    private readonly Trainer _trainer;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gensomattn-atlas-");

    private TrainedMap(Backend<float> backend, Trainer trainer, Dataset dataset, AtlasRun run, bool withImages)
    {
        _backend = backend;
        _trainer = trainer;
        Dataset = dataset;
        File = Path.Combine(_folder.FullName, "atlas.html");
        System.IO.File.WriteAllBytes(
            File, withImages ? AtlasPage.Build(Model, run, dataset, ofAll: true) : AtlasPage.Build(Model, run));
    }

    /// <summary>The model.</summary>
    public SomAttnModel Model => (SomAttnModel)_trainer.Model;

    /// <summary>Its data set.</summary>
    public Dataset Dataset { get; }

    /// <summary>The page.</summary>
    public string File { get; }

    /// <summary>Trains a model of these settings, or initializes it only.</summary>
    public static TrainedMap Of(
        TrainingSettings settings, Dataset dataset, bool train = true, AtlasRun? run = null, bool withImages = true)
    {
        Backend<float> backend = BackendFactory.Create("cpu", 0);
        var trainer = new Trainer(backend, settings, dataset);
        var scores = new Scores();
        if (train)
        {
            trainer.Run(scores, CancellationToken.None);
        }
        else
        {
            trainer.Model.Initialize();
        }

        run ??= new AtlasRun("0001-somattn", "dotnet run --", "1", trainer.Epoch, IsTraining: false, scores.Rows);
        return new TrainedMap(backend, trainer, dataset, run, withImages);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trainer.Dispose();
        _backend.Dispose();
        _folder.Delete(recursive: true);
    }

    private sealed class Scores : ITrainingObserver
    {
        public List<EpochMetrics> Rows { get; } = [];

        public void OnStep(StepReport report)
        {
        }

        public void OnEpoch(EpochMetrics metrics) => Rows.Add(metrics);
    }
}
