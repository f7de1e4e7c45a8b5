using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Ranks;
using GenSomAttn.Cli.Training;
using GenSomAttn.Engine.Collectives;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Verbs;

/// <summary>resume: continues a training that was stopped or killed, in its run directory.</summary>
internal sealed class ResumeVerb(Command verb)
{
    private readonly Argument<string> _run = verb.Declare(CommonOptions.Run());
    private readonly BackendOptions _backend = new(verb);
    private readonly Option<string> _data = verb.Declare(ValueForms.Path.CreateOption(
        "--data", "Folder of the training's data set, if it has moved. Default: that of the run. Example: --data data/fashion-mnist"));

    private readonly Option<string> _mpiLibrary = verb.Declare(CommonOptions.MpiLibrary());
    private readonly TrainingRunOptions _training = new(verb);

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
            ranks, () => Prepare(parse, signals, ranks, run = RunDirectory.Open(parse.GetRequiredValue(_run))),
            made => RankFacts.Of(made.Config.Settings, made.Dataset.Sha256, made.Backend.Name));
        return ranks.Rank > 0
            ? FollowingRank.Run(training, signals)
            : new TrainingSession(run!, training.Config, training.Trainer, training.Dataset, signals).Run(
                _training.Progress(parse, training.Config.Settings.Epochs, training.Dataset.Train.Count), _training.Json(parse));
    }

    private PreparedTraining Prepare(ParseResult parse, StopSignals signals, ICommunicator ranks, RunDirectory run)
    {
        RunConfig config = _training.Apply(parse, _backend.Apply(parse, RunConfig.Load(run.ConfigPath)));
        config = config with { Data = parse.GetValue(_data) ?? config.Data };
        var made = new PreparedTraining
        {
            Config = config,
            Backend = AcceleratorSelection.Open(config.Accelerator, config.Threads, config.Device),
        };

        // Rank 0 alone reads and changes files of the run, and then gives the others its state.
        made.Held = ranks.Rank == 0 ? run.Lock() : null;
        DataOptions options = config.Settings.ToDataOptions() with { AdvisesSkipping = false };
        made.Dataset = signals.WaitFor(() => DataLoading.Load(config.Data, options));
        made.Trainer = TrainerFactory.Create(made.Backend, config.Settings, made.Dataset, ranks);
        signals.Token.ThrowIfCancellationRequested();
        if (ranks.Rank == 0)
        {
            TrainingResume.Continue(run, made.Trainer);
        }

        return made;
    }
}
