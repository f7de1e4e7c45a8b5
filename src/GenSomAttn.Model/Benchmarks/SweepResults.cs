using GenSomAttn.Backends.Simd;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>Size that a curve varies.</summary>
public enum SweepKind
{
    /// <summary>Images of a batch.</summary>
    Batch,

    /// <summary>Elements of the latent vector.</summary>
    Latent,

    /// <summary>Units of the map.</summary>
    Units,

    /// <summary>Pixels of the side of an image.</summary>
    Side,

    /// <summary>No curve: one map much larger than the model's, beside a matrix product (GEMM) of the same sizes.</summary>
    Large,
}

/// <summary>Values of each size, and the large map.</summary>
public sealed record SweepPlan
{
    /// <summary>Images of a batch.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    /// <summary>Elements of the latent vector.</summary>
    public IReadOnlyList<int> Latents { get; init; } = [8, 16, 32, 64, 128, 256, 512, 1024];

    /// <summary>Rows, and columns, of the map.</summary>
    public IReadOnlyList<int> MapSides { get; init; } = [12, 24, 48, 96, 144, 200];

    /// <summary>Pixels of the side of an image.</summary>
    public IReadOnlyList<int> ImageSides { get; init; } = [28, 40, 56, 80, 112, 128];

    /// <summary>Vectors in the measurements of the map alone.</summary>
    public int MapVectors { get; init; } = 1000;

    /// <summary>The large map.</summary>
    public LargeMap Large { get; init; } = new(200, 1000, 100_000, 2000);

    /// <summary>Minimum duration of the measurement of a point.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(0.4);
}

/// <summary>A map much larger than the model's.</summary>
/// <param name="Side">Rows, and columns.</param>
/// <param name="Dimension">Elements of a vector.</param>
/// <param name="Vectors">Vectors to extrapolate to: a search over all of them would take a minute or more.</param>
/// <param name="TimedVectors">Vectors that are timed.</param>
public sealed record LargeMap(int Side, int Dimension, int Vectors, int TimedVectors);

/// <summary>One measured point of a curve.</summary>
/// <param name="Value">Value of the varied size.</param>
/// <param name="Time">Measured time.</param>
/// <param name="Arithmetic">FLOPs of the model's formulas, and throughput.</param>
public sealed record SweepPoint(double Value, Timing Time, ArithmeticSpeed Arithmetic);

/// <summary>One curve: a cost against a size.</summary>
/// <param name="Kind">Varied size.</param>
/// <param name="Quantity">Name of the measured operation.</param>
/// <param name="Reason">Reason for the growth of its arithmetic.</param>
/// <param name="Points">The points, from the smallest value to the largest.</param>
public sealed record SweepSeries(SweepKind Kind, string Quantity, string Reason, IReadOnlyList<SweepPoint> Points)
{
    /// <summary>Expected slope in log-log coordinates: that of the FLOPs, fitted over the same points.</summary>
    public double ExpectedSlope { get; } = LogLogLine.Slope(Points.Select(point => (point.Value, point.Arithmetic.Gigaflops)));

    /// <summary>Slope of the measured medians, fitted in the same way.</summary>
    public double FittedSlope { get; } = LogLogLine.Slope(Points.Select(point => (point.Value, point.Time.MedianMicroseconds)));
}

/// <summary>Measurement of the large map.</summary>
/// <param name="Work">"search", "update", or "product": the matrix product of all timed vectors and all units.</param>
/// <param name="Time">Time for the timed vectors.</param>
/// <param name="Arithmetic">Arithmetic for the timed vectors.</param>
/// <param name="SecondsForAll">
/// Extrapolated time for all vectors, proportional to their number, not measured; null for the update, whose cost depends on the number
/// of units with hits.
/// </param>
public sealed record LargeMapResult(string Work, Timing Time, ArithmeticSpeed Arithmetic, double? SecondsForAll);

/// <summary>All curves.</summary>
/// <param name="Threads">Number of threads.</param>
/// <param name="Description">Human-readable description of the backend.</param>
/// <param name="Roof">Roofline of the processor; null for other devices.</param>
/// <param name="Series">The curves.</param>
/// <param name="Large">The large map; empty if it was not requested.</param>
/// <param name="Plan">The plan.</param>
public sealed record SweepResult(
    int Threads, string Description, Roofline? Roof, IReadOnlyList<SweepSeries> Series, IReadOnlyList<LargeMapResult> Large,
    SweepPlan Plan);
