using System.Diagnostics;
using System.Runtime.InteropServices;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Files;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>One training from its run directory to its result or to the signal that stops it.</summary>
/// <param name="config">What to write into the run directory.</param>
/// <param name="trainer">What trains.</param>
/// <param name="reals">Some of the real images, to lie beside the generated ones.</param>
/// <param name="signals">What may stop it.</param>
internal sealed class TrainingSession(RunConfig config, Trainer trainer, Picture reals, StopSignals signals)
{
    /// <summary>Trains and returns the exit code.</summary>
    /// <param name="outputFolder">Where to make the run directory.</param>
    /// <param name="progress">Shows how it goes.</param>
    /// <param name="json">Whether to print the result as JSON.</param>
    public int Run(string outputFolder, ITrainingProgress progress, bool json)
    {
        RunDirectory run = RunDirectory.Create(outputFolder, config.Settings);
        Console.Error.WriteLine($"run directory: {run.Path}");
        config.Save(run.ConfigPath);
        PictureFile.Save(Path.Combine(run.SamplesPath, "reals.png"), reals);
        RunRecorder? recorder = null;
        progress.Show(observer =>
        {
            recorder = new RunRecorder(run, trainer, observer);
            trainer.Run(recorder, signals.Token);
        });

        return trainer.Step < trainer.TotalSteps && signals.Received is { } signal
            ? SaveAfter(signal, run)
            : PrintResult(run, recorder!.Latest!, json);
    }

    private int SaveAfter(PosixSignal signal, RunDirectory run)
    {
        run.SaveCheckpoint(trainer.ToCheckpoint());
        Console.Error.WriteLine($"stopped by {signal} after step {trainer.Step} of {trainer.TotalSteps}; saved {run.LastCheckpoint}");
        return ExitCodes.StoppedBy(signal);
    }

    private static int PrintResult(RunDirectory run, EpochMetrics metrics, bool json)
    {
        if (json)
        {
            using var process = Process.GetCurrentProcess();
            long peakMemoryBytes = process.PeakWorkingSet64;
            JsonOutput.Write(new { Run = run.Path, Checkpoint = run.LastCheckpoint, Metrics = metrics, PeakMemoryBytes = peakMemoryBytes });
            return ExitCodes.Done;
        }

        ScoreTable.Print("score", metrics);
        Console.Out.WriteLine(run.Path);
        return ExitCodes.Done;
    }
}
