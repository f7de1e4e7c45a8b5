using GenSomAttn.Backends.Simd;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Measurements with one number of threads; sections that were not requested are null.</summary>
/// <param name="Threads">Number of threads.</param>
/// <param name="Description">Human-readable description of the backend.</param>
public sealed record ThreadResult(int Threads, string Description)
{
    /// <summary>Roofline of the processor; null for other devices.</summary>
    public Roofline? Roof { get; init; }

    /// <summary>The whole training step.</summary>
    public StepResult? Step { get; init; }

    /// <summary>The operations of the training step.</summary>
    public OperationsResult? Operations { get; init; }

    /// <summary>Inference at several batch sizes.</summary>
    public IReadOnlyList<InferenceResult>? Inference { get; init; }

    /// <summary>The places of images, beside their encoding.</summary>
    public IReadOnlyList<LocateResult>? Locate { get; init; }

    /// <summary>The map alone at several numbers of vectors.</summary>
    public IReadOnlyList<MapResult>? Map { get; init; }

    /// <summary>A whole epoch.</summary>
    public EpochResult? Epoch { get; init; }
}

/// <summary>Arithmetic throughput, absolute and as a share of peak.</summary>
/// <param name="Gigaflops">10^9 FLOPs of the model's formulas; extra work of an algorithm does not count.</param>
/// <param name="GigaflopsPerSecond">GFLOP/s at the median time.</param>
/// <param name="ShareOfRoof">
/// Share of peak FLOP/s (FMA in registers); null if the roofline was not measured. Above 1 where an algorithm (such as Winograd's)
/// needs fewer multiplications than the formula.
/// </param>
public sealed record ArithmeticSpeed(double Gigaflops, double GigaflopsPerSecond, double? ShareOfRoof)
{
    /// <summary>Computes the throughput of FLOPs in a time in microseconds.</summary>
    internal static ArithmeticSpeed Of(double flops, double microseconds, Roofline? roof)
    {
        double gigaflopsPerSecond = microseconds > 0 ? flops / (microseconds * 1e3) : 0;
        return new ArithmeticSpeed(flops / 1e9, gigaflopsPerSecond, gigaflopsPerSecond / roof?.GigaflopsPerSecond);
    }
}

/// <summary>
/// The whole training step, including the gathering of its images. Here the host synchronizes with the device after each step; a
/// training does not, see <see cref="EpochResult"/>.
/// </summary>
/// <param name="Batch">Images per step.</param>
/// <param name="Time">From the end of the previous step to the end of this one.</param>
/// <param name="ImagesPerSecond">Throughput at the median time.</param>
/// <param name="Arithmetic">Arithmetic of all operations of the step.</param>
/// <param name="Launches">Kernel launches per step; null for backends without kernels.</param>
public sealed record StepResult(int Batch, Timing Time, double ImagesPerSecond, ArithmeticSpeed Arithmetic, long? Launches);

/// <summary>The operations of the training step.</summary>
/// <param name="Step">Time of the whole step while every operation is timed.</param>
/// <param name="OutsideMicroseconds">Median time of the step outside all operations.</param>
/// <param name="Rows">One row per operation and set of sizes, the slowest first.</param>
public sealed record OperationsResult(Timing Step, double OutsideMicroseconds, IReadOnlyList<OperationResult> Rows)
{
    /// <summary>Kernel launches per step; null for backends without kernels.</summary>
    public long? Launches => Rows.Any(row => row.LaunchesPerStep is null) ? null : Rows.Sum(row => row.LaunchesPerStep);
}

/// <summary>One operation at one set of sizes, summed over its calls in a step.</summary>
/// <param name="Operation">Name of the operation.</param>
/// <param name="Sizes">Its sizes.</param>
/// <param name="CallsPerStep">Calls per step.</param>
/// <param name="LaunchesPerStep">Kernel launches of these calls; null for backends without kernels.</param>
/// <param name="Time">Time per step, after the warm-up.</param>
/// <param name="ShareOfStep">Share of the median time of the whole step.</param>
/// <param name="Arithmetic">Arithmetic per step.</param>
/// <param name="Megabytes">Compulsory memory traffic per step in 10^6 bytes.</param>
/// <param name="GigabytesPerSecond">Bandwidth at the median time, 10^9 bytes per second.</param>
/// <param name="ShareOfMemory">
/// Share of the peak bandwidth for a working set of one call's size; null if the roofline was not measured.
/// </param>
public sealed record OperationResult(
    string Operation, string Sizes, int CallsPerStep, long? LaunchesPerStep, Timing Time, double ShareOfStep, ArithmeticSpeed Arithmetic,
    double Megabytes, double GigabytesPerSecond, double? ShareOfMemory);

/// <summary>Inference path through a model.</summary>
public enum InferencePath
{
    /// <summary>Images to codes, BMU search, decoding of the BMUs' codebook vectors.</summary>
    EncodeSearchDecode,

    /// <summary>Codes to images.</summary>
    Decode,
}

/// <summary>Inference at one batch size.</summary>
/// <param name="Path">Inference path.</param>
/// <param name="Batch">Images per batch.</param>
/// <param name="Time">Latency of one batch.</param>
/// <param name="ImagesPerSecond">Throughput at the median time.</param>
/// <param name="Arithmetic">Arithmetic of all operations.</param>
public sealed record InferenceResult(InferencePath Path, int Batch, Timing Time, double ImagesPerSecond, ArithmeticSpeed Arithmetic);

/// <summary>Work on the images of a set.</summary>
public enum LocateWork
{
    /// <summary>Images to codes alone.</summary>
    Encode,

    /// <summary>Images to codes, BMU search, decoding of the codes.</summary>
    EncodeSearchDecode,

    /// <summary>Rows of the table without the errors.</summary>
    LocateWithoutErrors,

    /// <summary>Rows of the table.</summary>
    Locate,
}

/// <summary>The places of images.</summary>
/// <param name="Work">What is measured.</param>
/// <param name="Images">Images per call.</param>
/// <param name="Time">Time for all images.</param>
/// <param name="TimesEncoding">Median time in multiples of that of the encoding alone.</param>
public sealed record LocateResult(LocateWork Work, int Images, Timing Time, double TimesEncoding);

/// <summary>Operation of a map.</summary>
public enum MapWork
{
    /// <summary>BMU search.</summary>
    Search,

    /// <summary>Batch update of the codebook.</summary>
    Update,
}

/// <summary>The map alone.</summary>
/// <param name="Work">Operation.</param>
/// <param name="Vectors">Vectors per call.</param>
/// <param name="Dimension">Elements of a vector.</param>
/// <param name="Units">Units of the map.</param>
/// <param name="Time">Time for all vectors.</param>
/// <param name="Arithmetic">Arithmetic for all vectors.</param>
public sealed record MapResult(MapWork Work, int Vectors, int Dimension, int Units, Timing Time, ArithmeticSpeed Arithmetic);

/// <summary>A whole epoch of an unmodified training, including shuffling and gathering, without evaluation.</summary>
/// <param name="Images">Training images.</param>
/// <param name="Steps">Steps; the last may have a smaller batch.</param>
/// <param name="Seconds">Duration.</param>
/// <param name="ImagesPerSecond">Throughput in images per second.</param>
/// <param name="FirstStepMicroseconds">Time of the first step, with JIT and kernel compilation and the first allocations.</param>
public sealed record EpochResult(int Images, int Steps, double Seconds, double ImagesPerSecond, double FirstStepMicroseconds);
