namespace GenSomAttn.Model.Training;

/// <summary>Observer of a training's steps and epochs.</summary>
public interface ITrainingObserver
{
    /// <summary>Called after each step.</summary>
    void OnStep(StepReport report);

    /// <summary>Called before the first step, and after each epoch, with the scores of the test images.</summary>
    void OnEpoch(EpochMetrics metrics);
}
