using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Loading;

/// <summary>Loading of data sets for the verbs.</summary>
internal static class DataLoading
{
    /// <summary>Loads data and prints notes on them to stderr.</summary>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public static Dataset Load(DataPaths data, DataOptions options)
    {
        options = options with { Progress = (read, all) => WorkDone.Set("pictures read", read, all) };
        Dataset dataset = Dataset.Load(new DataPaths([.. data.All.Select(DataFolders.Resolve)]), options);

        // Those on several sets name the set themselves.
        string source = data.All is [var only] ? $"{only}: " : "";
        foreach (string note in dataset.Notes)
        {
            Console.Error.WriteLine($"note: {source}{note}");
        }

        return dataset;
    }

    /// <summary>Loads data with settings that come from command line options.</summary>
    /// <param name="data">The data set, or several.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="start">Parameters that the training starts from; null for none.</param>
    /// <param name="spool">As <see cref="DataOptions.Spool"/>.</param>
    /// <exception cref="DataException">The data cannot be used, or the parameters are for other images.</exception>
    /// <exception cref="UsageException">--image-size or --channels does not apply to the data.</exception>
    public static Dataset LoadForTraining(DataPaths data, TrainingSettings settings, InitialCheckpoint? start = null, string? spool = null)
    {
        Dataset dataset = Load(data, settings.ToDataOptions() with { Spool = spool });
        start?.Check(dataset, data);
        (int side, int channels) = dataset.Train.Shape;
        if (settings.ImageSize is { } size && size != side)
        {
            throw new UsageException($"--image-size {size} is for image folders: the files in {data} hold images of side {side}.");
        }

        return settings.Channels is { } wanted && wanted != channels
            ? throw new UsageException($"--channels is for folders of color pictures: {data} has images of {dataset.Train.Shape}.")
            : dataset;
    }
}
