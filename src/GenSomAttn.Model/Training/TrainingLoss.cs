using GenSomAttn.Backends;

namespace GenSomAttn.Model.Training;

/// <summary>A batch that is learned from.</summary>
/// <param name="Images">x, (N, S·S).</param>
/// <param name="Labels">The class of each image, (N).</param>
/// <param name="Count">N.</param>
/// <param name="Step">Steps done before, for random numbers of its own.</param>
public readonly record struct TrainingBatch(DeviceView<float> Images, DeviceView<int> Labels, int Count, long Step);

/// <summary>What a model learns by: how its loss comes from a batch, and the gradients from the loss.</summary>
public abstract class TrainingLoss
{
    /// <summary>Numbers that a forward pass leaves on the device.</summary>
    public abstract int Parts { get; }

    /// <summary>The parts of the last <see cref="Forward"/>, (<see cref="Parts"/>).</summary>
    public abstract DeviceView<float> OnDevice { get; }

    /// <summary>
    /// Whether all batches of one size lie at the same place, so that <see cref="Forward"/> and what follows are the same work for each.
    /// </summary>
    public virtual bool CanBeCaptured => true;

    /// <summary>Does what differs from step to step, before <see cref="Forward"/>.</summary>
    public virtual void Begin(in TrainingBatch batch)
    {
    }

    /// <summary>Runs the model on a batch and computes the parts of the loss; they lie in <see cref="OnDevice"/>.</summary>
    public abstract void Forward(in TrainingBatch batch);

    /// <summary>Adds to the gradients of all parameters.</summary>
    /// <param name="batch">That of the last <see cref="Forward"/>.</param>
    public abstract void Backward(in TrainingBatch batch);

    /// <summary>Moves what learns without a gradient.</summary>
    /// <param name="batch">That of the last <see cref="Forward"/>.</param>
    /// <param name="rates">(2): η and σ of the map.</param>
    public virtual void LearnWithoutGradient(in TrainingBatch batch, DeviceView<float> rates)
    {
    }

    /// <summary>The losses that their parts make.</summary>
    /// <param name="parts">(<see cref="Parts"/>), read from the device.</param>
    public abstract Losses Combine(ReadOnlySpan<float> parts);
}
