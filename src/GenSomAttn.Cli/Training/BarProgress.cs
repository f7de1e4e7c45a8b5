using System.Globalization;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Training;
using Spectre.Console;

namespace GenSomAttn.Cli.Training;

/// <summary>Progress bar on a terminal, with a line above it after each epoch.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="epochs">Epochs of the training.</param>
/// <param name="imagesPerEpoch">Training images.</param>
internal sealed class BarProgress(IAnsiConsole terminal, int epochs, int imagesPerEpoch) : ITrainingProgress
{
    /// <inheritdoc/>
    public void Show(Action<ITrainingView> train)
    {
        using var bar = new Bar(new StatusLine(terminal), epochs, imagesPerEpoch);
        train(bar);
    }

    private sealed class Bar : ITrainingView, IDisposable
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
        private readonly StatusLine _line;
        private readonly int _epochs;
        private readonly int _imagesPerEpoch;
        private Pace? _pace;

        public Bar(StatusLine line, int epochs, int imagesPerEpoch)
        {
            _line = line;
            _epochs = epochs;
            _imagesPerEpoch = imagesPerEpoch;
            _line.Show(0, "starting");
        }

        public void OnStep(StepReport report)
        {
            _pace ??= new Pace(_imagesPerEpoch, report);
            if (_pace.SinceReading >= Interval)
            {
                (string speed, string left) = _pace.Read(report);
                string loss = string.Create(CultureInfo.InvariantCulture, $"loss {report.Loss:0.0000}");
                _line.Show((double)report.Step / report.TotalSteps, left, $"epoch {report.Epoch}/{_epochs}", loss, speed);
            }
        }

        public void OnEpoch(EpochMetrics metrics) => _line.PrintAbove(ProgressText.Of(metrics, _epochs));

        public void Warn(string message) => _line.PrintAbove(message);

        public void Dispose() => _line.Clear();
    }
}
