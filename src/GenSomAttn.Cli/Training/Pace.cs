using System.Diagnostics;
using System.Globalization;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>How fast a training goes: images a second since it was last asked, and the time that is left.</summary>
/// <param name="imagesPerEpoch">Training images.</param>
/// <param name="first">The first step that was told, now; of a training that goes on it is not the first of all.</param>
internal sealed class Pace(int imagesPerEpoch, StepReport first)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _asked = Stopwatch.GetTimestamp();
    private long _imagesWhenAsked = Images(first, imagesPerEpoch);

    /// <summary>Time since it was last asked.</summary>
    public TimeSpan SinceAsked => Stopwatch.GetElapsedTime(_asked);

    /// <summary>"5230 images/s" and "3:05 left".</summary>
    public (string Speed, string Left) Ask(StepReport report)
    {
        long images = Images(report, imagesPerEpoch);
        double rate = (images - _imagesWhenAsked) / SinceAsked.TotalSeconds;
        _asked = Stopwatch.GetTimestamp();
        _imagesWhenAsked = images;

        // From the whole time, so that the evaluations between the epochs count too.
        double secondsAStep = Stopwatch.GetElapsedTime(_began).TotalSeconds / (report.Step - first.Step);
        string left = Clock(secondsAStep * (report.TotalSteps - report.Step));
        return (string.Create(CultureInfo.InvariantCulture, $"{rate:0} images/s"), $"{left} left");
    }

    /// <summary>"3:05", or with hours, also more than those of a day, "27:03:05".</summary>
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
