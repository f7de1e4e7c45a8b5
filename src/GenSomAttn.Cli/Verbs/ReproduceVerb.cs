using System.CommandLine;
using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Loading;
using GenSomAttn.Cli.Options;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Verbs;

/// <summary>reproduce: trains again from a run's configuration, in memory, and compares.</summary>
internal sealed class ReproduceVerb(Command verb)
{
    private readonly Argument<string> _run = verb.Declare(CommonOptions.Run());
    private readonly BackendOptions _backend = new(verb);
    private readonly Option<string> _data = verb.Declare(ValueForms.Path.CreateOption(
        "--data", "Folder of the training's data set, if it has moved. Default: that of the run. Example: --data data/fashion-mnist"));

    private readonly TrainingRunOptions _training = new(verb);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "reproduce",
            "Trains again from a run's config.json, as far as its newest checkpoint, and compares scores and tensors: 'same bytes', or the "
            + "first epoch and the first tensor that differ, with exit code 1. Writes nothing. Another accelerator or vector width gives "
            + "other bits. Example: reproduce 7");
        var reproduce = new ReproduceVerb(verb);
        verb.SetAction(parse => StopSignals.Run(signals => reproduce.Run(parse, signals)));
        return verb;
    }

    private int Run(ParseResult parse, StopSignals signals)
    {
        RunDirectory run = RunDirectory.Open(parse.GetRequiredValue(_run));
        RunConfig config = _backend.Apply(parse, RunConfig.Load(run.ConfigPath));
        Checkpoint checkpoint = run.LoadCheckpoint();
        using Backend<float> backend = AcceleratorSelection.Open(config.Accelerator, config.Threads, config.Device);
        DataOptions options = config.Settings.ToDataOptions() with { AdvisesSkipping = false };
        Dataset dataset = signals.WaitFor(() => DataLoading.Load(parse.GetValue(_data) ?? config.Data, options));
        CheckData(checkpoint, dataset);
        using Trainer trainer = TrainerFactory.Create(backend, config.Settings, dataset, InitialCheckpoint.Of(config));
        Reproduction? reproduction = null;
        _training.Progress(parse, config.Settings.Epochs, dataset.Train.Count).Show(view =>
        {
            reproduction = new Reproduction(run.Metrics.Read(), checkpoint, view);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(signals.Token, reproduction.Reached);
            if (checkpoint.Step > 0)
            {
                trainer.Run(reproduction, stop.Token);
            }
        });
        using (reproduction)
        {
            if (trainer.Step != checkpoint.Step)
            {
                Console.Error.WriteLine(
                    $"stopped by {signals.Received} after step {trainer.Step} of {checkpoint.Step}; nothing is compared");
                return signals.ExitCode;
            }

            return Print(run, checkpoint, reproduction!, reproduction!.Tensors(trainer.ToCheckpoint()), _training.Json(parse));
        }
    }

    private static void CheckData(Checkpoint checkpoint, Dataset dataset)
    {
        if (checkpoint.DatasetSha256 != dataset.Sha256)
        {
            throw new DataException(
                $"These are other data than those of the run: their SHA-256 is {dataset.Sha256}, that of the run's "
                + $"{checkpoint.DatasetSha256}. Name those that the run was trained on with --data.");
        }
    }

    private static int Print(
        RunDirectory run, Checkpoint checkpoint, Reproduction reproduction, IReadOnlyList<TensorDifference> tensors, bool json)
    {
        bool isSame = tensors.Count == 0 && reproduction.Epoch is null;
        if (json)
        {
            JsonOutput.Write(new
            {
                Run = run.Path,
                checkpoint.Step,
                Same = isSame,
                reproduction.Epoch,
                reproduction.Scores,
                Tensors = tensors,
            });
        }
        else if (isSame)
        {
            Console.Out.WriteLine($"same bytes: all scores, and all {checkpoint.Tensors.Count} tensors after step {checkpoint.Step}");
        }
        else
        {
            Console.Out.WriteLine(reproduction.Epoch is { } epoch
                ? $"epoch {epoch} differs: {reproduction.Scores}"
                : "the scores of all epochs are the same");
            Console.Out.WriteLine(tensors.Count == 0
                ? $"the tensors after step {checkpoint.Step} are the same"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{tensors.Count} of {checkpoint.Tensors.Count} tensors differ, the first is {tensors[0].Name}: {tensors[0].Elements} "
                    + $"elements, by {tensors[0].Largest:G3} at most"));
        }

        return isSame ? ExitCodes.Done : ExitCodes.Failed;
    }
}
