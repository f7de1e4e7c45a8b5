using System.CommandLine;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Verbs;

/// <summary>resume: continues a training that was stopped or killed, in its run directory.</summary>
internal sealed class ResumeVerb(Command verb)
{
    private readonly RecordedTraining _recorded = new(verb);
    private readonly Option<int> _epochs = verb.Declare(ValueForms.Count.CreateOption(
        "--epochs", "Those of the run; other ones are refused, because every schedule depends on them. Default: those of the run. "
        + "Example: --epochs 20"));

    private readonly Option<bool> _noAdvice = verb.Declare(CommonOptions.NoAdvice());

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
        CheckEpochs(run, config, parse.Given(_epochs));
        using Backend<float> backend = RecordedTraining.OpenBackend(config);
        using IDisposable held = run.Lock();
        Dataset dataset = RecordedTraining.LoadData(config, signals);
        bool hasCheckpoint = File.Exists(run.LastCheckpoint) || File.Exists(run.PreviousCheckpoint);
        InitialCheckpoint? start = hasCheckpoint ? null : InitialCheckpoint.Of(config);
        using Trainer trainer = TrainerFactory.Create(backend, config.Settings, dataset, start);
        signals.Token.ThrowIfCancellationRequested();
        TrainingResume.Continue(run, trainer);
        return new TrainingSession(run, config, trainer, dataset, signals).Run(
            _recorded.Training.Progress(parse, config.Settings.Epochs, dataset.Train.Count), _recorded.Training.Json(parse),
            advises: !parse.GetValue(_noAdvice));
    }

    /// <summary>Refuses another number of epochs, and says how to train on.</summary>
    private static void CheckEpochs(RunDirectory run, RunConfig config, int? epochs)
    {
        int own = config.Settings.Epochs;
        if (epochs is { } given && given != own)
        {
            string further = Invocation.Command(
                $"train --init {Invocation.NameOf(run)} --epochs {(given > own ? given - own : given)}");
            throw new UsageException(
                $"--epochs {given} is not the {own} of the run: 'resume' gives the bytes of an uninterrupted training, and with {given} "
                + "epochs the schedules of learning rate, sigma and eta would have been others from the first step on. To train on from "
                + $"its parameters with new schedules: {further}");
        }
    }
}
