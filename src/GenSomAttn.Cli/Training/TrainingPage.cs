using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Atlas;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Sampling;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>
/// Writer of the curves of a run and, if it is given the images, of its atlas; it also draws the maps of epochs. After an epoch the atlas
/// has the networks, the codebook and the curves, which takes a moment; at the end of the training all that the command 'explore' writes,
/// of the first 100,000 images.
/// </summary>
/// <param name="run">The run directory.</param>
/// <param name="trainer">The trainer.</param>
/// <param name="dataset">The images; null for a run without an atlas.</param>
internal sealed class TrainingPage(RunDirectory run, Trainer trainer, Dataset? dataset)
{
    private readonly SomAttnModel? _model = dataset is null ? null : trainer.Model as SomAttnModel;

    /// <summary>Returns the map of the epoch that just ended; null if there is none to show.</summary>
    /// <param name="metrics">Scores of the epoch.</param>
    public EpochMap? MapOf(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return _model is null ? null : EpochMap.Of(_model, metrics.Epoch, metrics.Sigma ?? 0, dataset!.Of(dataset.Shown));
    }

    /// <summary>Writes curves and atlas if the epoch was evaluated; the atlas reloads itself in a browser.</summary>
    /// <param name="metrics">Scores of the epoch.</param>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public void SaveAfterEpoch(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        if (trainer.Model.Settings.IsEvaluated(metrics.Epoch))
        {
            // A resumed training may be behind the rows of scores; its losses are not saved beyond its own epoch.
            EpochMetrics[] rows = [.. run.Metrics.Read().Where(row => row.Epoch <= metrics.Epoch)];
            run.SaveFile(run.CurvesPath, Encoding.UTF8.GetBytes(ScoreCurves.ToSvg(rows, run.Losses.Read())));
            SaveAtlas(metrics.Epoch);
        }
    }

    private void SaveAtlas(int epoch)
    {
        if (_model is null)
        {
            return;
        }

        int[] order = CanonicalOrder.Arrange(_model);
        try
        {
            run.SaveFile(run.AtlasPath, AtlasPage.Build(_model, AtlasFacts.OfTraining(run, epoch)));
        }
        finally
        {
            // The training goes on in its own order, also where a file cannot be read or written.
            _model.Map.Reorder(CanonicalOrder.Inverse(order));
        }
    }

    /// <summary>
    /// Writes the atlas that no longer reloads itself: with images if the training is over, else as it is. The model's units are then in
    /// the order in which maps are shown.
    /// </summary>
    /// <param name="isOver">Whether the training was not stopped before its end.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void SaveAtEnd(bool isOver)
    {
        if (_model is null || run.Metrics.Newest is not { } newest)
        {
            return;
        }

        AtlasRun facts = AtlasFacts.OfResult(run, newest.Epoch, CanonicalOrder.Arrange(_model));
        run.SaveFile(run.AtlasPath, isOver
            ? AtlasPage.Build(_model, facts, dataset!, ofAll: false)
            : AtlasPage.Build(_model, facts));
    }
}
