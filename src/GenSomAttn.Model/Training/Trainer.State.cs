using GenSomAttn.Formats;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Training;

/// <content>The state of a training as a checkpoint.</content>
public sealed partial class Trainer
{
    /// <summary>Creates a checkpoint of the current state.</summary>
    /// <exception cref="TrainingDivergedException">A gradient, a parameter or a moment is not finite.</exception>
    public Checkpoint ToCheckpoint()
    {
        IReadOnlyList<NamedTensor> tensors = Model.Export();
        if (FindGradientNotFinite() is { } gradient)
        {
            throw new TrainingDivergedException($"The gradient of {gradient} is not finite after step {Step}; training stopped.");
        }

        if (tensors.FirstOrDefault(tensor => !tensor.IsFinite) is { } bad)
        {
            throw new TrainingDivergedException($"{bad.Name} is not finite after step {Step}; training stopped.");
        }

        return new Checkpoint
        {
            Settings = _settings,
            Shape = Model.Shape,
            Classes = _classes,
            Step = Step,
            Epoch = Epoch,
            LossSum = _lossSum,
            DatasetSha256 = DatasetSha256,
            Tensors = tensors,
        };
    }

    /// <summary>
    /// Replaces the initial values by parameters and codebook of a checkpoint, before the first step. The optimizer's moments stay zero.
    /// </summary>
    /// <param name="checkpoint">A checkpoint of a model of the same sizes.</param>
    /// <exception cref="TensorFileException">Its tensors do not fit; nothing is changed.</exception>
    public void StartFrom(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        new TensorExchange(Model).ImportToUse(checkpoint.WithoutOptimizer().Tensors);
    }

    /// <summary>Resumes from a checkpoint of this training, with the same bits as an uninterrupted training.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <exception cref="TensorFileException">
    /// The checkpoint has other settings, data or steps, or its tensors do not fit; nothing is changed.
    /// </exception>
    public void Continue(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Settings != _settings)
        {
            throw new TensorFileException(
                $"the checkpoint has other settings than this training: {checkpoint.Settings.DifferencesFrom(_settings)}.");
        }

        if (checkpoint.Shape != Model.Shape)
        {
            throw new TensorFileException(
                $"the checkpoint is for images of {checkpoint.Shape}, the data of this training are {Model.Shape}.");
        }

        if (checkpoint.DatasetSha256 != DatasetSha256)
        {
            throw new TensorFileException(
                $"the checkpoint is of other data: their SHA-256 is {checkpoint.DatasetSha256}, that of the data here {DatasetSha256}.");
        }

        if (checkpoint.Step > TotalSteps || checkpoint.Epoch != checkpoint.Step / StepsPerEpoch)
        {
            throw new TensorFileException(
                $"the checkpoint stands at step {checkpoint.Step}, epoch {checkpoint.Epoch}; this training has {TotalSteps} steps, "
                + $"{StepsPerEpoch} an epoch.");
        }

        Model.Import(checkpoint.Tensors);
        Step = checkpoint.Step;
        _lossSum = checkpoint.LossSum;
    }
}
