using System.Text;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Output;
using GenSomAttn.Cli.Training;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Comparing;

/// <summary>
/// The same training with several seeds, and a table of the scores: what train --seeds does. Processes share the work as those of compare.
/// </summary>
/// <param name="backend">Backend of trainings and scores.</param>
/// <param name="dataset">The data.</param>
/// <param name="config">Configuration of each training, with any seed.</param>
/// <param name="folder">Folder of the run directories and of the table.</param>
/// <param name="signals">Signals that stop the sweep.</param>
internal sealed class SeedSweep(Backend<float> backend, Dataset dataset, RunConfig config, string folder, StopSignals signals)
{
    /// <summary>Trains what is left, one training after another, and writes the table; returns the exit code.</summary>
    /// <param name="seeds">The seeds.</param>
    /// <param name="progress">Creates the progress display of a training.</param>
    /// <param name="json">Whether to print the result as JSON.</param>
    public int Run(IReadOnlyList<ulong> seeds, Func<ITrainingProgress> progress, bool json)
    {
        OutputFolder.Make(folder);
        using TableLock writer = new(folder);
        var comparer = new Comparer(backend, dataset, scorer: null, scorerId: "none", folder, signals) { WithAtlas = true };
        var model = new ComparedModel(config.Settings.Model.ToString().ToLowerInvariant(), config.Settings);
        IEnumerable<ComparedTraining> trainings = seeds.Select(
            seed => new ComparedTraining(model, config with { Settings = config.Settings with { Seed = seed } }));
        (ComparedRun[] runs, int left) = comparer.WorkAll([.. trainings], progress);
        return signals.Received is not null ? signals.ExitCode
            : left > 0 ? TableLock.LeaveToOthers(left, json)
            : Write(runs, writer, json);
    }

    private int Write(ComparedRun[] runs, TableLock writer, bool json)
    {
        ComparedRun[] named = [.. runs.Select(run => run with { Model = run.Model with { Name = $"seed {run.Seed}" } })];
        ComparedRun[] together = [.. runs.Select(run => run with { Model = run.Model with { Name = $"{runs.Length} seeds" } })];
        var table = new ComparisonTable([.. named, .. together], dataset, withPublished: false);
        object document = new { ProgramInfo.Version, ProgramInfo.Commit, Data = dataset.Sha256, table.Rows, Runs = runs };
        string path = Path.Combine(folder, "seeds");
        byte[] content = Encoding.UTF8.GetBytes(JsonOutput.ToElement(document).GetRawText() + "\n");
        if (!writer.IsOurs($"{path}.json", content))
        {
            return ExitCodes.Done;
        }

        table.Save(path, content);
        if (json)
        {
            JsonOutput.Write(document);
        }
        else
        {
            new ComparisonTable(together, dataset, withPublished: false).Print();
            Console.Out.WriteLine($"{path}.md");
        }

        return ExitCodes.Done;
    }
}
