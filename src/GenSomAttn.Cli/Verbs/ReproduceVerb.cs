using System.CommandLine;
using System.Globalization;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
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
    private readonly RecordedTraining _recorded = new(verb);

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
        (RunDirectory run, RunConfig config) = _recorded.Open(parse);
        Checkpoint checkpoint = run.LoadCheckpoint();
        using Backend<float> backend = RecordedTraining.OpenBackend(config);
        Dataset dataset = RecordedTraining.LoadData(config, signals);
        CheckData(checkpoint, dataset);
        using Trainer trainer = TrainerFactory.Create(backend, config.Settings, dataset, InitialCheckpoint.Of(config));
        Reproduction? reproduction = null;
        _recorded.Training.Progress(parse, config.Settings.Epochs, dataset.Train.Count).Show(view =>
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

            return Print(run, checkpoint, reproduction!, reproduction!.Tensors(trainer.ToCheckpoint()), _recorded.Training.Json(parse));
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
