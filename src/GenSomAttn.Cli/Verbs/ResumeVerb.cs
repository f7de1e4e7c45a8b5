using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Training;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Verbs;

/// <summary>resume: continues a training that was stopped or killed, in its run directory.</summary>
internal sealed class ResumeVerb(Command verb)
{
    private readonly RecordedTraining _recorded = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "resume",
            "Resumes a training that was stopped or killed. On the same accelerator the result has the same bytes as without the "
            + "interruption, at any number of threads. Accelerator, device and threads are by default those of the run. "
            + "Example: resume 7");
        var resume = new ResumeVerb(verb);
        verb.SetAction(parse => StopSignals.Run(signals => resume.Run(parse, signals)));
        return verb;
    }

    private int Run(ParseResult parse, StopSignals signals)
    {
        (RunDirectory run, RunConfig config) = _recorded.Open(parse);
        using Backend<float> backend = RecordedTraining.OpenBackend(config);
        using IDisposable held = run.Lock();
        Dataset dataset = RecordedTraining.LoadData(config, signals);
        using Trainer trainer = TrainerFactory.Create(backend, config.Settings, dataset);
        signals.Token.ThrowIfCancellationRequested();
        TrainingResume.Continue(run, trainer);
        return new TrainingSession(run, config, trainer, dataset, signals).Run(
            _recorded.Training.Progress(parse, config.Settings.Epochs, dataset.Train.Count), _recorded.Training.Json(parse));
    }
}
