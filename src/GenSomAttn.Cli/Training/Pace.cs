using System.Diagnostics;
using System.Globalization;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Throughput of a training since the last reading, and the remaining time.</summary>
/// <param name="imagesPerEpoch">Training images.</param>
/// <param name="first">The first reported step, at the time of construction; in a resumed training it is not step 1.</param>
internal sealed class Pace(int imagesPerEpoch, StepReport first)
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _readAt = Stopwatch.GetTimestamp();
    private long _imagesAtReading = Images(first, imagesPerEpoch);

    /// <summary>Time since the last reading.</summary>
    public TimeSpan SinceReading => Stopwatch.GetElapsedTime(_readAt);

    /// <summary>Returns "5230 images/s" and "3:05 left".</summary>
    public (string Speed, string Left) Read(StepReport report)
    {
        long images = Images(report, imagesPerEpoch);
        double rate = (images - _imagesAtReading) / SinceReading.TotalSeconds;
        _readAt = Stopwatch.GetTimestamp();
        _imagesAtReading = images;

        // From the time since construction, so that the evaluations between epochs count too.
        double secondsAStep = Stopwatch.GetElapsedTime(_startedAt).TotalSeconds / (report.Step - first.Step);
        string left = Clock(secondsAStep * (report.TotalSteps - report.Step));
        return (string.Create(CultureInfo.InvariantCulture, $"{rate:0} images/s"), $"{left} left");
    }

    /// <summary>Formats seconds as "3:05", or with hours, which may exceed a day, as "27:03:05".</summary>
    internal static string Clock(double seconds)
    {
        const long Hour = 3600;
        long whole = (long)seconds;
        return whole < Hour
            ? string.Create(CultureInfo.InvariantCulture, $"{whole / 60}:{whole % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{whole / Hour}:{whole / 60 % 60:00}:{whole % 60:00}");
    }

    private static long Images(StepReport report, int imagesPerEpoch) => ((report.Epoch - 1L) * imagesPerEpoch) + report.ImagesSeen;
}
