using System.Diagnostics;
using System.Globalization;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>How fast a training goes: images a second since it was last asked, and the time that is left.</summary>
/// <param name="imagesPerEpoch">Training images.</param>
internal sealed class Pace(int imagesPerEpoch)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private long _asked = Stopwatch.GetTimestamp();
    private long _imagesWhenAsked;

    /// <summary>Time since it was last asked.</summary>
    public TimeSpan SinceAsked => Stopwatch.GetElapsedTime(_asked);

    /// <summary>"5230 images/s, 3:05 left".</summary>
    public string Ask(StepReport report)
    {
        long images = ((report.Epoch - 1L) * imagesPerEpoch) + report.ImagesSeen;
        double rate = (images - _imagesWhenAsked) / SinceAsked.TotalSeconds;
        _asked = Stopwatch.GetTimestamp();
        _imagesWhenAsked = images;

        // From the whole time, so that the evaluations between the epochs count too.
        TimeSpan left = Stopwatch.GetElapsedTime(_began) * ((double)(report.TotalSteps - report.Step) / report.Step);
        string leftText = left.ToString(left.TotalHours < 1 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{rate:0} images/s, {leftText} left");
    }
}
