using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Section of a benchmark.</summary>
public enum BenchmarkSection
{
    /// <summary>Roofline of the processor: peak FLOP/s (FMA in registers) and peak bandwidths.</summary>
    Roof,

    /// <summary>The whole training step.</summary>
    Step,

    /// <summary>Every operation of the training step.</summary>
    Operations,

    /// <summary>Inference: image to decoded codebook vector of its BMU, and code to image.</summary>
    Inference,

    /// <summary>The places of images on the map, as of the command 'locate', beside the encoding of the same images.</summary>
    Locate,

    /// <summary>BMU search and update of the map, alone.</summary>
    Map,

    /// <summary>A whole epoch of the training.</summary>
    Epoch,

    /// <summary>
    /// The training step with narrower SIMD vectors. The runtime fixes the width at start, so each has a separate process.
    /// </summary>
    Widths,
}

/// <summary>Plan of a benchmark: sections, settings and hardware.</summary>
/// <param name="Settings">The model and its training.</param>
/// <param name="Accelerator">Name of the accelerator, from <see cref="Backends.Selection.BackendFactory.Names"/>.</param>
/// <param name="Device">Index of its device.</param>
/// <param name="ThreadCounts">Numbers of threads; every section runs with each, the epoch only with the last.</param>
/// <param name="Sections">Sections to measure.</param>
/// <param name="Steps">Timed training steps; a tenth as many run before them as warm-up.</param>
public sealed record BenchmarkPlan(
    TrainingSettings Settings, string Accelerator, int Device, IReadOnlyList<int> ThreadCounts, IReadOnlySet<BenchmarkSection> Sections,
    int Steps);
