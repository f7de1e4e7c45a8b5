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
/// Writer of the curves of a run and, if it is given the images, of the maps of its epochs and of its atlas. After an epoch the atlas has
/// the networks, the codebook and the curves, which takes a moment; at the end of the training the real images and the layers of the test
/// images too, but not the density, whose fit takes seconds: the command 'explore' adds it.
/// </summary>
/// <param name="run">The run directory.</param>
/// <param name="trainer">The trainer.</param>
/// <param name="dataset">The images; null for a run without an atlas.</param>
internal sealed class TrainingPage(RunDirectory run, Trainer trainer, Dataset? dataset)
{
    private readonly SomAttnModel? _model = dataset is null ? null : trainer.Model as SomAttnModel;

    /// <summary>Writes curves, map and atlas; the atlas reloads itself in a browser.</summary>
    /// <param name="metrics">Scores of the epoch.</param>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public void SaveAfterEpoch(EpochMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        byte[] curves = Encoding.UTF8.GetBytes(ScoreCurves.ToSvg(run.Metrics.Read(), run.Losses.Read()));
        run.SaveFile(run.CurvesPath, curves);
        if (_model is not null)
        {
            run.SaveMap(EpochMap.Of(_model, metrics.Epoch, metrics.Sigma ?? 0, dataset!.Of(dataset.Shown)));
            int[] order = CanonicalOrder.Arrange(_model);
            try
            {
                run.SaveFile(run.AtlasPath, AtlasPage.Build(_model, AtlasFacts.OfTraining(run, metrics.Epoch)));
            }
            finally
            {
                // The training goes on in its own order, also where a file cannot be read or written.
                _model.Map.Reorder(CanonicalOrder.Inverse(order));
            }
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
            ? AtlasPage.Build(_model, facts, dataset!, withDensity: false)
            : AtlasPage.Build(_model, facts));
    }
}
