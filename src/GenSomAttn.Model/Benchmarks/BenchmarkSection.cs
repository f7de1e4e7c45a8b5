using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>What a benchmark can measure.</summary>
public enum BenchmarkSection
{
    /// <summary>What the processor can do at most: multiply-adds in registers, and bandwidths of memory.</summary>
    Roof,

    /// <summary>The whole training step.</summary>
    Step,

    /// <summary>Every operation of the training step.</summary>
    Operations,

    /// <summary>From an image to the image of its unit, and from a code to an image.</summary>
    Inference,

    /// <summary>The search for winners and the update of the map, alone.</summary>
    Map,

    /// <summary>A whole epoch of the training.</summary>
    Epoch,

    /// <summary>The training step with narrower vectors. The runtime chooses the width as it starts, so each takes a process of its own.</summary>
    Widths,
}

/// <summary>What a benchmark shall measure, and with what.</summary>
/// <param name="Settings">The model and its training.</param>
/// <param name="Accelerator">What computes; a name of <see cref="Backends.BackendFactory.Names"/>.</param>
/// <param name="Device">Number of its device.</param>
/// <param name="ThreadCounts">Everything is measured with each of these numbers of threads; an epoch with the last alone.</param>
/// <param name="Sections">What is measured.</param>
/// <param name="Steps">Training steps that are timed, after a tenth as many to warm up.</param>
public sealed record BenchmarkPlan(
    TrainingSettings Settings, string Accelerator, int Device, IReadOnlyList<int> ThreadCounts, IReadOnlySet<BenchmarkSection> Sections,
    int Steps);
