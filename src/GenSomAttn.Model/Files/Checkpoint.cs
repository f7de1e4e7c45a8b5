using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Files;

/// <summary>A training at one moment: enough to generate, to evaluate and to go on.</summary>
public sealed record Checkpoint
{
    /// <summary>What was asked for.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>Rows and columns of an image.</summary>
    public required int Side { get; init; }

    /// <summary>Classes of the data.</summary>
    public required int Classes { get; init; }

    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Epochs completed.</summary>
    public required int Epoch { get; init; }

    /// <summary>Losses of the newest epoch, summed over the images that it has shown so far; 0 before the first step.</summary>
    public required double LossSum { get; init; }

    /// <summary>Which data it was trained on.</summary>
    public required string DatasetSha256 { get; init; }

    /// <summary>Parameters, codebook if there is one, and the optimizer's moments.</summary>
    public required IReadOnlyList<NamedTensor> Tensors { get; init; }

    /// <summary>The same without what only a training needs to go on: a third of the size.</summary>
    public Checkpoint WithoutOptimizer() =>
        this with { Tensors = [.. Tensors.Where(tensor => !tensor.Name.StartsWith(TensorExchange.Optimizer, StringComparison.Ordinal))] };
}
