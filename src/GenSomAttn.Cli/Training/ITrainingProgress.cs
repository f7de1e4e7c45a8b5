using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Shows on stderr how a training goes.</summary>
internal interface ITrainingProgress
{
    /// <summary>Runs the training; what it is told through the view is shown.</summary>
    void Show(Action<ITrainingView> train);
}

/// <summary>Where it is shown.</summary>
internal interface ITrainingView : ITrainingObserver
{
    /// <summary>Shows what the user should know, though the training goes on.</summary>
    void Warn(string message);
}

/// <summary>Shows warnings alone.</summary>
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
