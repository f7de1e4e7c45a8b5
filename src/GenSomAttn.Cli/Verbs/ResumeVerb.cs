using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Ranks;
using GenSomAttn.Cli.Training;
using GenSomAttn.Engine.Collectives;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Verbs;

/// <summary>resume: continues a training that was stopped or killed, in its run directory.</summary>
internal sealed class ResumeVerb(Command verb)
{
    private readonly RecordedTraining _recorded = new(verb);
    private readonly Option<int> _epochs = verb.Declare(ValueForms.Count.CreateOption(
        "--epochs", "Those of the run; other ones are refused, because every schedule depends on them. Default: those of the run. "
        + "Example: --epochs 20"));

    private readonly Option<bool> _noAdvice = verb.Declare(CommonOptions.NoAdvice());
    private readonly Option<string> _mpiLibrary = verb.Declare(CommonOptions.MpiLibrary());

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "resume",
            "Resumes a training that was stopped or killed. On the same accelerator the result has the same bytes as without the "
            + "interruption, at any number of threads and ranks. Accelerator, device and threads are by default those of the run. "
            + "Example: resume 7");
        var resume = new ResumeVerb(verb);
        verb.SetAction(parse => StopSignals.Run(signals => resume.Run(parse, signals)));
        return verb;
    }

    private int Run(ParseResult parse, StopSignals signals)
    {
        ICommunicator ranks = RankGroup.Join(parse.GetValue(_mpiLibrary), parse.GetValue(CommonOptions.Verbose));
        RunDirectory? run = null;
        using PreparedTraining training = RankGroup.Agree(
            ranks,
            () =>
            {
                (run, RunConfig config) = _recorded.Open(parse);
                CheckEpochs(run, config, parse.Given(_epochs));
                return Prepare(config, signals, ranks, run);
            },
            made => RankFacts.Of(made.Config.Settings, made.Dataset.Sha256, made.Backend.Name));
        return ranks.Rank > 0
            ? FollowingRank.Run(training, signals)
            : new TrainingSession(run!, training.Config, training.Trainer, training.Dataset, signals).Run(
                _recorded.Training.Progress(parse, training.Config.Settings.Epochs, training.Dataset.Train.Count),
                _recorded.Training.Json(parse), advises: !parse.GetValue(_noAdvice));
    }

    private static PreparedTraining Prepare(RunConfig config, StopSignals signals, ICommunicator ranks, RunDirectory run)
    {
        var made = new PreparedTraining { Config = config, Backend = RecordedTraining.OpenBackend(config) };

        return made.Fill(() =>
        {
            // Rank 0 alone reads and changes files of the run, and then gives the others its state.
            made.Held = ranks.Rank == 0 ? run.Lock() : null;
            made.Dataset = RecordedTraining.LoadData(config, signals);
            bool hasCheckpoint = File.Exists(run.LastCheckpoint) || File.Exists(run.PreviousCheckpoint);
            InitialCheckpoint? start = hasCheckpoint ? null : InitialCheckpoint.Of(config);
            made.Trainer = TrainerFactory.Create(made.Backend, config.Settings, made.Dataset, start, ranks);
            signals.Token.ThrowIfCancellationRequested();
            if (ranks.Rank == 0)
            {
                TrainingResume.Continue(run, made.Trainer);
            }
        });
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
