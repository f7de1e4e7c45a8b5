using System.Globalization;
using GenSomAttn.Model.Training;
using Spectre.Console;

namespace GenSomAttn.Cli.Training;

/// <summary>A bar on a terminal, with a line above it after each epoch.</summary>
/// <param name="console">The terminal.</param>
/// <param name="epochs">Epochs of the training.</param>
/// <param name="imagesPerEpoch">Training images.</param>
internal sealed class BarProgress(IAnsiConsole console, int epochs, int imagesPerEpoch) : ITrainingProgress
{
    /// <inheritdoc/>
    public void Show(Action<ITrainingView> train)
    {
        var bar = new ProgressBarColumn { Width = 30 };
        var text = new TaskDescriptionColumn { Alignment = Justify.Left };
        console.Progress().AutoClear(true).Columns(bar, new PercentageColumn(), text)
            .Start(context => train(new Bar(console, context.AddTask("starting"), epochs, imagesPerEpoch)));
    }

    private sealed class Bar(IAnsiConsole console, ProgressTask task, int epochs, int imagesPerEpoch) : ITrainingView
    {
        private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
        private Pace? _pace;

        public void OnStep(StepReport report)
        {
            _pace ??= new Pace(imagesPerEpoch, report);
            if (_pace.SinceAsked >= Interval)
            {
                task.MaxValue = report.TotalSteps;
                task.Value = report.Step;
                task.Description = string.Create(
                    CultureInfo.InvariantCulture, $"epoch {report.Epoch}/{epochs}, loss {report.Loss:0.0000}, {_pace.Ask(report)}");
            }
        }

        public void OnEpoch(EpochMetrics metrics) => console.WriteLine(ProgressText.Of(metrics, epochs));

        public void Warn(string message) => console.WriteLine(message);
    }
}
