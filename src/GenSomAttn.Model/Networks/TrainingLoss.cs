using GenSomAttn.Backends;

namespace GenSomAttn.Model.Networks;

/// <summary>A training batch, or a shard of one.</summary>
/// <param name="Images">x, (N, S·S·C).</param>
/// <param name="Labels">The class of each image, (N).</param>
/// <param name="Count">N.</param>
/// <param name="Stream">Random stream: steps · shards + shard, from 0.</param>
/// <param name="Share">Share of the images of the step, by which the gradients of a shard are scaled; 1 for a whole batch.</param>
public readonly record struct TrainingBatch(
    DeviceView<float> Images, DeviceView<int> Labels, int Count, long Stream, float Share = 1);

/// <summary>Training loss of a model: forward pass from batch to loss, backward pass from loss to gradients.</summary>
public abstract class TrainingLoss
{
    /// <summary>Number of loss parts that a forward pass computes on the device.</summary>
    public abstract int Parts { get; }

    /// <summary>Loss parts of the last <see cref="Forward"/>, (<see cref="Parts"/>).</summary>
    public abstract DeviceView<float> OnDevice { get; }

    /// <summary>
    /// Whether all batches of one size have the same device addresses, so that <see cref="Forward"/> and the operations after it can be
    /// captured as a CUDA graph.
    /// </summary>
    public virtual bool CanBeCaptured => true;

    /// <summary>Runs the operations that differ per step, before <see cref="Forward"/> and outside a captured graph.</summary>
    public virtual void Begin(in TrainingBatch batch)
    {
    }

    /// <summary>Runs the forward pass on a batch and computes the loss parts in <see cref="OnDevice"/>.</summary>
    public abstract void Forward(in TrainingBatch batch);

    /// <summary>Runs the backward pass: adds to the gradients of all parameters.</summary>
    /// <param name="batch">The batch of the last <see cref="Forward"/>.</param>
    public abstract void Backward(in TrainingBatch batch);

    /// <summary>Updates the state that is learned without a gradient: the codebook.</summary>
    /// <param name="batch">The batch of the last <see cref="Forward"/>.</param>
    /// <param name="rates">(2): learning rate η and neighborhood width σ of the map.</param>
    public virtual void LearnWithoutGradient(in TrainingBatch batch, DeviceView<float> rates)
    {
    }

    /// <summary>
    /// Number of values that the last <see cref="Forward"/> leaves for <see cref="LearnWithoutGradient(int, DeviceView{float})"/>.
    /// </summary>
    /// <param name="count">Images of the shard.</param>
    public virtual int SavedLength(int count) => 0;

    /// <summary>Copies these values to the host, (<see cref="SavedLength"/>).</summary>
    public virtual void Save(Span<float> saved)
    {
    }

    /// <summary>Places values of <see cref="Save"/>, by this rank or another, in the whole batch.</summary>
    /// <param name="saved">The values of a shard.</param>
    /// <param name="first">Index of its first image in the batch.</param>
    /// <param name="count">Its images.</param>
    public virtual void Place(ReadOnlySpan<float> saved, int first, int count)
    {
    }

    /// <summary>Updates the state that is learned without a gradient from the placed values of a whole batch.</summary>
    /// <param name="count">Images of the batch.</param>
    /// <param name="rates">(2): learning rate η and neighborhood width σ of the map.</param>
    public virtual void LearnWithoutGradient(int count, DeviceView<float> rates)
    {
    }

    /// <summary>Combines loss parts to losses.</summary>
    /// <param name="parts">(<see cref="Parts"/>), copied from the device.</param>
    public abstract Losses Combine(ReadOnlySpan<float> parts);
}
