using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Shows on stderr how a training goes.</summary>
internal interface ITrainingProgress
{
    /// <summary>Runs the training; what it is told through the observer is shown.</summary>
    void Show(Action<ITrainingObserver> train);
}

/// <summary>Shows nothing.</summary>
internal sealed class NoProgress : ITrainingProgress, ITrainingObserver
{
    /// <inheritdoc/>
    public void Show(Action<ITrainingObserver> train) => train(this);

    /// <inheritdoc/>
    public void OnStep(StepReport report)
    {
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics)
    {
    }
}
