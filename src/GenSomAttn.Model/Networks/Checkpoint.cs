using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Networks;

/// <summary>State of a training: sufficient to generate, to evaluate and to resume.</summary>
public sealed record Checkpoint
{
    /// <summary>Settings of the training, as <see cref="ImageModel.Resolve"/> returns them.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>Shape of an image.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>Number of classes of the data.</summary>
    public required int Classes { get; init; }

    /// <summary>Number of completed steps.</summary>
    public required long Step { get; init; }

    /// <summary>Number of completed epochs.</summary>
    public required int Epoch { get; init; }

    /// <summary>Sum of the loss over the images of the newest epoch so far; 0 before the first step.</summary>
    public required double LossSum { get; init; }

    /// <summary>SHA-256 of the training data.</summary>
    public required string DatasetSha256 { get; init; }

    /// <summary>Parameters, codebook if there is one, and the optimizer's moments.</summary>
    public required IReadOnlyList<NamedTensor> Tensors { get; init; }

    /// <summary>Returns the checkpoint without the optimizer's moments, which only resuming needs: a third of the size.</summary>
    public Checkpoint WithoutOptimizer() =>
        this with { Tensors = [.. Tensors.Where(tensor => !tensor.Name.StartsWith(TensorExchange.Optimizer, StringComparison.Ordinal))] };
}
