using GenSomAttn.Cli.Loading;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Locating;

/// <summary>The distances of a run's training images: read from the run, or computed once and written to it.</summary>
/// <param name="run">The run; its model has a map.</param>
internal sealed class KnownDistances(TrainedRun run)
{
    // A checkpoint that diverged is only looked into.
    private readonly string? _model = run.Checkpoint.Tensors.All(tensor => tensor.IsFinite)
        ? TrainingDistances.HashOf(run.Checkpoint)
        : null;

    private string Accelerator => run.Model.Backend.Name;

    /// <summary>Returns the squared distances, ascending; if there are none, the reason, which stderr tells too.</summary>
    /// <param name="load">Loads the training images, or returns why it cannot.</param>
    public (float[]? Squared, string? Reason) Find(Func<(ImageSet? Images, string? Reason)> load)
    {
        if (Read() is { } known)
        {
            return (known.Squared, null);
        }

        (ImageSet? images, string? reason) = load();
        if (images is null)
        {
            Console.Error.WriteLine($"note: there are no percentiles: {reason}");
            return (null, reason);
        }

        float[] squared = ImageLocator.SortedSquaredDistances((SomAttnModel)run.Model, images);
        Save(squared);
        return (squared, null);
    }

    /// <summary>Reads the file of the run; null if it is not there, damaged, or of another checkpoint or accelerator.</summary>
    private TrainingDistances? Read()
    {
        string path = run.Directory.DistancesPath;
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var known = TrainingDistances.Parse(SafetensorsFile.ReadBytes(path), path);
            return known.Model == _model && known.Accelerator == Accelerator ? known : null;
        }
        catch (TensorFileException exception)
        {
            Console.Error.WriteLine($"note: the distances are computed again: {exception.Message}");
            return null;
        }
    }

    private void Save(float[] squared)
    {
        if (_model is null)
        {
            return;
        }

        try
        {
            run.Directory.SaveDistances(new TrainingDistances(_model, Accelerator, squared));
        }
        catch (FileException exception)
        {
            Console.Error.WriteLine($"note: the next locate computes the distances again: {exception.Message}");
        }
    }
}
