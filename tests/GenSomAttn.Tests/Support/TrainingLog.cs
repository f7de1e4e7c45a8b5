using GenSomAttn.Model.Training;

namespace GenSomAttn.Tests.Support;

/// <summary>Observer that records the reports of a training.</summary>
internal sealed class TrainingLog : ITrainingObserver
{
    /// <summary>Called after each step, once it is recorded.</summary>
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
