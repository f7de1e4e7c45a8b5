using GenSomAttn.Backends.Simd;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>What was measured with one number of threads; null for what was not asked for.</summary>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Description">What computed, for a person.</param>
public sealed record ThreadResult(int Threads, string Description)
{
    /// <summary>The roof, for processors.</summary>
    public Roofline? Roof { get; init; }

    /// <summary>The whole training step.</summary>
    public StepResult? Step { get; init; }

    /// <summary>Its operations.</summary>
    public OperationsResult? Operations { get; init; }

    /// <summary>Inference at several batch sizes.</summary>
    public IReadOnlyList<InferenceResult>? Inference { get; init; }

    /// <summary>The map alone at several numbers of vectors.</summary>
    public IReadOnlyList<MapResult>? Map { get; init; }

    /// <summary>A whole epoch.</summary>
    public EpochResult? Epoch { get; init; }
}

/// <summary>A speed in arithmetic, and how close it is to the roof.</summary>
/// <param name="Gigaflops">The model's own arithmetic, 10^9 multiplications and additions; what a method of computing adds does not count.</param>
/// <param name="GigaflopsPerSecond">Of them a second, by the median.</param>
/// <param name="ShareOfRoof">
/// Of the processor's multiply-adds in registers; null if the roof was not measured. Above 1 where a method needs fewer multiplications
/// than the formula has.
/// </param>
public sealed record ArithmeticSpeed(double Gigaflops, double GigaflopsPerSecond, double? ShareOfRoof)
{
    /// <summary>So many operations in so many microseconds.</summary>
    internal static ArithmeticSpeed Of(double flops, double microseconds, Roofline? roof)
    {
        double gigaflopsPerSecond = microseconds > 0 ? flops / (microseconds * 1e3) : 0;
        return new ArithmeticSpeed(flops / 1e9, gigaflopsPerSecond, gigaflopsPerSecond / roof?.GigaflopsPerSecond);
    }
}

/// <summary>
/// The whole training step, gathering of its images included. A device is waited for after each step here, as it is not in a training:
/// there see the epoch.
/// </summary>
/// <param name="Batch">Images a step.</param>
/// <param name="Time">From the end of the step before to its own.</param>
/// <param name="ImagesPerSecond">By the median.</param>
/// <param name="Arithmetic">Arithmetic of all operations of the step.</param>
/// <param name="Launches">Kernels launched in a step; null where none are.</param>
public sealed record StepResult(int Batch, Timing Time, double ImagesPerSecond, ArithmeticSpeed Arithmetic, long? Launches);

/// <summary>The operations of the training step.</summary>
/// <param name="Step">The whole step while every operation is timed.</param>
/// <param name="OutsideMicroseconds">Of the median step, what is spent in no operation.</param>
/// <param name="Rows">A row for each operation and set of sizes, the slowest first.</param>
public sealed record OperationsResult(Timing Step, double OutsideMicroseconds, IReadOnlyList<OperationResult> Rows)
{
    /// <summary>Kernels launched in a step; null where none are.</summary>
    public long? Launches => Rows.Any(row => row.LaunchesPerStep is null) ? null : Rows.Sum(row => row.LaunchesPerStep);
}

/// <summary>One operation at one set of sizes, all its calls of a step together.</summary>
/// <param name="Operation">Name of the operation.</param>
/// <param name="Sizes">Its sizes.</param>
/// <param name="CallsPerStep">Calls in a step.</param>
/// <param name="LaunchesPerStep">Kernels that these calls launch; null where none are launched.</param>
/// <param name="Time">Time in a step; of the steps after the warm-up.</param>
/// <param name="ShareOfStep">Of the median time of the whole step.</param>
/// <param name="Arithmetic">Arithmetic in a step.</param>
/// <param name="Megabytes">10^6 bytes that the calls of a step cannot avoid to move.</param>
/// <param name="GigabytesPerSecond">Of them a second, by the median.</param>
/// <param name="ShareOfMemory">Of the bandwidth over as many bytes as one call moves; null if the roof was not measured.</param>
public sealed record OperationResult(
    string Operation, string Sizes, int CallsPerStep, long? LaunchesPerStep, Timing Time, double ShareOfStep, ArithmeticSpeed Arithmetic,
    double Megabytes, double GigabytesPerSecond, double? ShareOfMemory);

/// <summary>A way through a trained model.</summary>
public enum InferencePath
{
    /// <summary>From images over their winners to the images of the winners' codebook vectors.</summary>
    EncodeSearchDecode,

    /// <summary>From codes to images.</summary>
    Decode,
}

/// <summary>Inference at one batch size.</summary>
/// <param name="Path">What was done.</param>
/// <param name="Batch">Images at once.</param>
/// <param name="Time">Of one batch.</param>
/// <param name="ImagesPerSecond">By the median.</param>
/// <param name="Arithmetic">Arithmetic of all operations.</param>
public sealed record InferenceResult(InferencePath Path, int Batch, Timing Time, double ImagesPerSecond, ArithmeticSpeed Arithmetic);

/// <summary>What a map does with vectors.</summary>
public enum MapWork
{
    /// <summary>Finds their winners.</summary>
    Search,

    /// <summary>Moves its codebook toward them, in one batch.</summary>
    Update,
}

/// <summary>The map alone.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Vectors">Vectors at once.</param>
/// <param name="Dimension">Elements of a vector.</param>
/// <param name="Units">Units of the map.</param>
/// <param name="Time">Of all vectors.</param>
/// <param name="Arithmetic">Arithmetic for all vectors.</param>
public sealed record MapResult(MapWork Work, int Vectors, int Dimension, int Units, Timing Time, ArithmeticSpeed Arithmetic);

/// <summary>A whole epoch of the training as it is, shuffling and gathering included, evaluation not.</summary>
/// <param name="Images">Training images.</param>
/// <param name="Steps">Steps; the last may have a smaller batch.</param>
/// <param name="Seconds">Duration.</param>
/// <param name="ImagesPerSecond">Images a second.</param>
/// <param name="FirstStepMicroseconds">Of the duration, the first step with all that is done for the first time.</param>
public sealed record EpochResult(int Images, int Steps, double Seconds, double ImagesPerSecond, double FirstStepMicroseconds);
