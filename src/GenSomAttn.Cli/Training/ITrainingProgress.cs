using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Progress of a training on stderr.</summary>
internal interface ITrainingProgress
{
    /// <summary>Runs the training and shows the reports that it passes to the view.</summary>
    void Show(Action<ITrainingView> train);
}

/// <summary>Observer that shows the reports of a training.</summary>
internal interface ITrainingView : ITrainingObserver
{
    /// <summary>Shows a warning; the training continues.</summary>
    void Warn(string message);
}

/// <summary>Progress that shows warnings only.</summary>
internal sealed class NoProgress : ITrainingProgress, ITrainingView
{
    /// <inheritdoc/>
    public void Show(Action<ITrainingView> train) => train(this);

    /// <inheritdoc/>
    public void OnStep(StepReport report)
    {
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
    }

    /// <inheritdoc/>
    public void Warn(string message) => Console.Error.WriteLine(message);
}
