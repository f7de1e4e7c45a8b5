using GenSomAttn.Model.Training;

namespace GenSomAttn.Tests.Support;

/// <summary>Remembers what it is told of a training.</summary>
internal sealed class TrainingLog : ITrainingObserver
{
    /// <summary>Called after each step, when it is remembered.</summary>
    public Action<StepReport>? Stepped { get; init; }

    public List<StepReport> Steps { get; } = [];

    public List<EpochMetrics> Epochs { get; } = [];

    public void OnStep(StepReport report)
    {
        Steps.Add(report);
        Stepped?.Invoke(report);
    }

    public void OnEpoch(EpochMetrics metrics) => Epochs.Add(metrics);
}
