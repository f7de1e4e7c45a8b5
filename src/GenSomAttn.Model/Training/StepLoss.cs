namespace GenSomAttn.Model.Training;

/// <summary>Loss of a training step.</summary>
/// <param name="Step">Completed steps, with this one.</param>
/// <param name="Epoch">Epoch of the step, from 1.</param>
/// <param name="Loss">Total loss of its batch, before its update.</param>
public readonly record struct StepLoss(long Step, int Epoch, float Loss);
