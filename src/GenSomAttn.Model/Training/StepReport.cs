using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Training;

/// <summary>Report of a training step.</summary>
/// <param name="Step">Number of completed steps.</param>
/// <param name="TotalSteps">Steps of the whole training.</param>
/// <param name="Epoch">Epoch of the step, from 1.</param>
/// <param name="ImagesSeen">Training images of this epoch so far, including those of this step.</param>
/// <param name="Losses">Losses of the step's batch, before its update.</param>
public readonly record struct StepReport(long Step, long TotalSteps, int Epoch, int ImagesSeen, Losses Losses)
{
    /// <summary>The total loss.</summary>
    public float Loss => Losses.Total;
}
