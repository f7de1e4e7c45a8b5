using System.Globalization;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Progress as plain lines for a file or a pipe: after the first step, every ten seconds and after each epoch.</summary>
/// <param name="writer">Destination of the lines.</param>
/// <param name="epochs">Epochs of the training.</param>
/// <param name="imagesPerEpoch">Training images.</param>
internal sealed class LineProgress(TextWriter writer, int epochs, int imagesPerEpoch) : ITrainingProgress, ITrainingView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private Pace? _pace;

    /// <inheritdoc/>
    public void Show(Action<ITrainingView> train) => train(this);

    /// <inheritdoc/>
    public void OnStep(StepReport report)
    {
        // The first line reports the start; there is no pace yet.
        if (_pace is null)
        {
            _pace = new Pace(imagesPerEpoch, report);
            Write(report, "");
        }
        else if (_pace.SinceReading >= Interval)
        {
            (string speed, string left) = _pace.Read(report);
            Write(report, $", {speed}, {left}");
        }
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochMetrics metrics) => writer.WriteLine(ProgressText.Of(metrics, epochs));

    /// <inheritdoc/>
    public void Warn(string message) => writer.WriteLine(message);

    private void Write(StepReport report, string pace) => writer.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {report.Epoch}/{epochs}, step {report.Step}/{report.TotalSteps}: loss {report.Loss:0.0000}{pace}"));
}
