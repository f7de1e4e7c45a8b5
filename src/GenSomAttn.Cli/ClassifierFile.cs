using System.Security.Cryptography;
using GenSomAttn.Backends;
using GenSomAttn.Model;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Files;

namespace GenSomAttn.Cli;

/// <summary>The classifier by whose features generated images are scored.</summary>
internal static class ClassifierFile
{
    private static string Remedy =>
        $"train one on these ({Invocation.Command("train --model classifier")} with their --data), and give its run as --classifier";

    private static string Shipped => Path.Combine(DataFolders.Find("classifier"), "fashion-mnist.safetensors");

    /// <summary>The file of a classifier.</summary>
    /// <param name="given">A checkpoint, a run directory or the number of a run; null for the one that is shipped.</param>
    /// <exception cref="RunException">There is no such run.</exception>
    public static string PathOf(string? given)
    {
        bool isRun = given is not null && !File.Exists(given) && (Directory.Exists(given) || given.All(char.IsAsciiDigit));
        return isRun ? RunDirectory.Open(given!).LastCheckpoint : given ?? Shipped;
    }

    /// <summary>The first digits of the SHA-256 of a classifier's file; "none" where there is none.</summary>
    /// <param name="given">As <see cref="PathOf"/> takes it.</param>
    public static string IdOf(string? given)
    {
        const int Digits = 8;
        string path = PathOf(given);
        return File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..Digits] : "none";
    }

    /// <summary>Opens the classifier, if it was trained on these data (on others its features mean nothing) and they are enough.</summary>
    /// <param name="backend">Who computes.</param>
    /// <param name="dataset">The data.</param>
    /// <param name="given">As <see cref="PathOf"/> takes it.</param>
    /// <returns>It, or the reason why there is none.</returns>
    /// <exception cref="ModelFormatException">The file is damaged or no classifier.</exception>
    public static (ClassifierModel? Classifier, string? Reason) Open(IBackend backend, Dataset dataset, string? given)
    {
        string file = PathOf(given);
        if (given is null && !File.Exists(file))
        {
            return (null, $"{file} is neither here nor beside the program: {Remedy}");
        }

        Checkpoint checkpoint = CheckpointFile.Load(file);
        if (checkpoint.DatasetSha256 != dataset.Sha256)
        {
            return (null, $"{file} was trained on other data: {Remedy}");
        }

        if (dataset.Test.Count < SampleEvaluator.MinImages)
        {
            return (null, $"of the data {dataset.Test.Count} test images are used, and it takes at least {SampleEvaluator.MinImages}");
        }

        return ImageModel.Restore(backend, checkpoint) is ClassifierModel classifier
            ? (classifier, null)
            : throw new ModelFormatException(
                $"{file} holds no classifier, but a {checkpoint.Settings.Model.ToString().ToLowerInvariant()}.");
    }
}
