using System.Security.Cryptography;
using GenSomAttn.Backends;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Loading;

/// <summary>The classifier whose features score generated images.</summary>
internal static class ClassifierFile
{
    private static string Remedy =>
        $"train one on these ({Invocation.Command("train --model classifier")} with their --data), and give its run as --classifier";

    private static string Shipped => Path.Combine(DataFolders.Find("classifier"), "fashion-mnist.safetensors");

    /// <summary>Returns the path of a classifier's file.</summary>
    /// <param name="given">A checkpoint, a run directory or the number of a run; null for the one that is shipped.</param>
    /// <exception cref="FileException">There is no such run.</exception>
    public static string PathOf(string? given)
    {
        bool isRun = given is not null && !File.Exists(given) && (Directory.Exists(given) || given.All(char.IsAsciiDigit));
        return isRun ? RunDirectory.Open(given!).LastCheckpoint : given ?? Shipped;
    }

    /// <summary>Returns the first digits of the SHA-256 of a classifier's file; "none" if there is no file.</summary>
    /// <param name="given">As <see cref="PathOf"/> takes it.</param>
    public static string IdOf(string? given)
    {
        const int Digits = 8;
        string path = PathOf(given);
        return File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..Digits] : "none";
    }

    /// <summary>
    /// Opens the classifier if there are enough test images, they have labels, and it takes images of this shape and was trained on these
    /// data (its features are not valid for others).
    /// </summary>
    /// <param name="backend">Backend that runs the classifier.</param>
    /// <param name="dataset">The data.</param>
    /// <param name="given">As <see cref="PathOf"/> takes it.</param>
    /// <returns>The classifier, or the reason why there is none.</returns>
    /// <exception cref="TensorFileException">The file is damaged or holds no classifier.</exception>
    public static (ClassifierModel? Classifier, string? Reason) Open(Backend<float> backend, Dataset dataset, string? given)
    {
        if (dataset.Test.Count == 0)
        {
            return (null, "there are no test images to compare them with");
        }

        if (dataset.ClassNames.Count == 0)
        {
            return (null, "the images have no labels, and a classifier of these images is needed");
        }

        string file = PathOf(given);
        if (given is null && !File.Exists(file))
        {
            return (null, $"{file} is neither here nor beside the program: {Remedy}");
        }

        Checkpoint checkpoint = CheckpointFile.Load(file);
        if (checkpoint.Shape != dataset.Train.Shape)
        {
            return (null, $"{file} takes images of {checkpoint.Shape}, and these are {dataset.Train.Shape}: {Remedy}");
        }

        if (checkpoint.DatasetSha256 != dataset.Sha256)
        {
            return (null, $"{file} was trained on other data: {Remedy}");
        }

        if (dataset.Test.Count < SampleEvaluator.MinImages)
        {
            return (null, $"only {dataset.Test.Count} test images are used, and the scores need at least {SampleEvaluator.MinImages}");
        }

        return ImageModel.Restore(backend, checkpoint) is ClassifierModel classifier
            ? (classifier, null)
            : throw new TensorFileException(
                $"{file} holds no classifier, but a {checkpoint.Settings.Model.ToString().ToLowerInvariant()}.");
    }
}
