using GenSomAttn.Backends.Simd;

namespace GenSomAttn.Model.Benchmarks;

/// <summary>What costs are measured against.</summary>
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

    /// <summary>No curve, but one map much larger than the model's, against a matrix product.</summary>
    Large,
}

/// <summary>The values that are gone through, and the large map.</summary>
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

    /// <summary>Vectors that the map alone is measured with.</summary>
    public int MapVectors { get; init; } = 1000;

    /// <summary>The large map.</summary>
    public LargeMap Large { get; init; } = new(200, 1000, 100_000, 2000);

    /// <summary>Each point is measured for at least so long.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(0.4);
}

/// <summary>A map much larger than the model's.</summary>
/// <param name="Side">Rows, and columns.</param>
/// <param name="Dimension">Elements of a vector.</param>
/// <param name="Vectors">Vectors that are meant: to search all of them would take a minute or more.</param>
/// <param name="TimedVectors">Vectors that are really timed.</param>
public sealed record LargeMap(int Side, int Dimension, int Vectors, int TimedVectors);

/// <summary>One measured point of a curve.</summary>
/// <param name="Value">What the cost is measured against.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Arithmetic">The model's own arithmetic.</param>
public sealed record SweepPoint(double Value, Timing Time, ArithmeticSpeed Arithmetic);

/// <summary>One curve: the cost of something against a size.</summary>
/// <param name="Kind">What it is measured against.</param>
/// <param name="Quantity">What costs.</param>
/// <param name="Reason">Why its arithmetic grows as it does.</param>
/// <param name="Points">The points, from the smallest value to the largest.</param>
public sealed record SweepSeries(SweepKind Kind, string Quantity, string Reason, IReadOnlyList<SweepPoint> Points)
{
    /// <summary>Slope that is expected in a plot of logarithms: that of the arithmetic, fitted over the same points.</summary>
    public double ExpectedSlope { get; } = LogLogLine.Slope(Points.Select(point => (point.Value, point.Arithmetic.Gigaflops)));

    /// <summary>Slope of the measured medians, fitted in the same way.</summary>
    public double FittedSlope { get; } = LogLogLine.Slope(Points.Select(point => (point.Value, point.Time.MedianMicroseconds)));
}

/// <summary>Work on the large map.</summary>
/// <param name="Work">"search", "update", or "product": the matrix product of all timed vectors and all units.</param>
/// <param name="Time">For the timed vectors.</param>
/// <param name="Arithmetic">For the timed vectors.</param>
/// <param name="SecondsForAll">
/// What all vectors that are meant would take, by their number, not measured; null for the update, whose cost depends on how many units
/// win.
/// </param>
public sealed record LargeMapResult(string Work, Timing Time, ArithmeticSpeed Arithmetic, double? SecondsForAll);

/// <summary>All curves.</summary>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Description">What computed, for a person.</param>
/// <param name="Roof">The roof, for processors.</param>
/// <param name="Series">The curves.</param>
/// <param name="Large">The large map; empty if it was not asked for.</param>
/// <param name="Plan">What was gone through.</param>
public sealed record SweepResult(
    int Threads, string Description, Roofline? Roof, IReadOnlyList<SweepSeries> Series, IReadOnlyList<LargeMapResult> Large,
    SweepPlan Plan);
