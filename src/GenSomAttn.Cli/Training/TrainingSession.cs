using System.Diagnostics;
using GenSomAttn.Cli.Advising;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>One training in its run directory, from its current step to the result or to a stop signal.</summary>
/// <param name="run">The run directory.</param>
/// <param name="config">Configuration of the training.</param>
/// <param name="trainer">The trainer.</param>
/// <param name="dataset">Images for the atlas of the run; null for a run without one.</param>
/// <param name="signals">Signals that stop the training.</param>
internal sealed class TrainingSession(RunDirectory run, RunConfig config, Trainer trainer, Dataset? dataset, StopSignals signals)
{
    private string ResumeCommand => Invocation.Command($"resume {Invocation.NameOf(run)}");

    /// <summary>Trains and returns the exit code.</summary>
    /// <param name="progress">Progress display of the training.</param>
    /// <param name="json">Whether to print the result as JSON.</param>
    /// <param name="advises">Whether to print advice on the scores; never with JSON.</param>
    public int Run(ITrainingProgress progress, bool json, bool advises)
    {
        if (Train(progress) is not { } last)
        {
            return signals.ExitCode;
        }

        if (advises && !json && dataset is not null)
        {
            AdviceText.Note(() => RunFacts.Of(run, trainer.Model.Settings, dataset, trainer.Units));
        }

        return PrintResult(last, json);
    }

    /// <summary>Trains to the end and returns the last scores; null if a signal stopped the training, which stderr then reports.</summary>
    /// <param name="progress">Progress display of the training.</param>
    public EpochMetrics? Train(ITrainingProgress progress)
    {
        RunRecorder recorder = null!;
        trainer.CopyStateFromFirst();
        var page = new TrainingPage(run, trainer, dataset);
        progress.Show(view =>
        {
            recorder = new RunRecorder(run, trainer, TimeSpan.FromMinutes(config.CheckpointMinutes), view, page, signals.Token);
            recorder.Begin();
            Train(recorder, view);
        });
        bool isOver = recorder.Latest?.Epoch == config.Settings.Epochs;
        SavePage(page, isOver);
        if (isOver)
        {
            return recorder.Latest;
        }

        signals.StopWithOthers();
        Console.Error.WriteLine(
            $"stopped by {signals.Received} after step {trainer.Step} of {trainer.TotalSteps}; saved {run.LastCheckpoint}");
        Console.Error.WriteLine($"resume with: {ResumeCommand}");
        return null;
    }

    /// <summary>Writes the last page; the run is complete without it, so that a full disk is only reported.</summary>
    private static void SavePage(TrainingPage page, bool isOver)
    {
        try
        {
            page.SaveAtEnd(isOver);
        }
        catch (Exception exception) when (exception is FileException or TensorFileException)
        {
            Console.Error.WriteLine($"warning: {exception.Message}");
        }
    }

    private void Train(RunRecorder recorder, ITrainingView view)
    {
        try
        {
            trainer.Run(recorder, signals.Token);
            recorder.Finish();
        }
        catch (TrainingDivergedException exception)
        {
            throw new TrainingDivergedException($"{exception.Message} {recorder.LastGood}", exception);
        }
        catch (Exception exception) when (exception is not FileException)
        {
            // Of data that changed, of memory or of the device: only the training knows how far it came.
            view.Warn($"note: {recorder.LastGood} Resume with: {ResumeCommand}");
            throw;
        }
    }

    private int PrintResult(EpochMetrics metrics, bool json)
    {
        if (json)
        {
            using var process = Process.GetCurrentProcess();
            long peakMemoryBytes = process.PeakWorkingSet64;
            JsonOutput.Write(new
            {
                Run = run.Path,
                Checkpoint = run.LastCheckpoint,
                Metrics = metrics,
                PeakMemoryBytes = peakMemoryBytes,
                DeviceMemoryBytes = trainer.DeviceBytes,
            });
            return ExitCodes.Done;
        }

        ScoreTable.PrintScores(metrics);
        Console.Out.WriteLine(run.Path);
        return ExitCodes.Done;
    }
}
