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

    /// <summary>"5230 images/s, 3:05 left".</summary>
    public string Ask(StepReport report)
    {
        long images = Images(report, imagesPerEpoch);
        double rate = (images - _imagesWhenAsked) / SinceAsked.TotalSeconds;
        _asked = Stopwatch.GetTimestamp();
        _imagesWhenAsked = images;

        // From the whole time, so that the evaluations between the epochs count too.
        TimeSpan left = Stopwatch.GetElapsedTime(_began) * ((double)(report.TotalSteps - report.Step) / (report.Step - first.Step));
        string leftText = left.ToString(left.TotalHours < 1 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{rate:0} images/s, {leftText} left");
    }

    private static long Images(StepReport report, int imagesPerEpoch) => ((report.Epoch - 1L) * imagesPerEpoch) + report.ImagesSeen;
}
