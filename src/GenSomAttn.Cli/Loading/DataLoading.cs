using GenSomAttn.Cli.Execution;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Loading;

/// <summary>Loading of data sets for the verbs.</summary>
internal static class DataLoading
{
    /// <summary>Loads a data folder and prints its notes to stderr.</summary>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public static Dataset Load(string folder, DataOptions options)
    {
        Dataset dataset = Dataset.Load(DataFolders.Resolve(folder), options);
        foreach (string note in dataset.Notes)
        {
            Console.Error.WriteLine($"note: {folder}: {note}");
        }

        return dataset;
    }

    /// <summary>Loads a data folder with settings that come from command line options.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="start">Parameters that the training starts from; null for none.</param>
    /// <exception cref="DataException">The data cannot be used, or the parameters are for other images.</exception>
    /// <exception cref="UsageException">--image-size or --channels does not apply to the data.</exception>
    public static Dataset LoadForTraining(string folder, TrainingSettings settings, InitialCheckpoint? start = null)
    {
        Dataset dataset = Load(folder, settings.ToDataOptions());
        start?.Check(dataset, folder);
        (int side, int channels) = dataset.Train.Shape;
        if (settings.ImageSize is { } size && size != side)
        {
            throw new UsageException($"--image-size {size} is for image folders: the files in {folder} hold images of side {side}.");
        }

        return settings.Channels is { } wanted && wanted != channels
            ? throw new UsageException($"--channels is for folders of color pictures: {folder} has images of {dataset.Train.Shape}.")
            : dataset;
    }
}
