namespace GenSomAttn.Model.Training;

/// <summary>What happened in a training step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="TotalSteps">Steps of the whole training.</param>
/// <param name="Epoch">The epoch that the step belongs to, from 1.</param>
/// <param name="ImagesSeen">Training images seen in this epoch, those of this step included.</param>
/// <param name="Losses">Losses of the step's batch, before its update.</param>
public readonly record struct StepReport(long Step, long TotalSteps, int Epoch, int ImagesSeen, Losses Losses)
{
    /// <summary>What the gradient minimizes.</summary>
    public float Loss => Losses.Total;
}
