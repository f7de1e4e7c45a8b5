using System.Security.Cryptography;
using GenSomAttn.Backends;
using GenSomAttn.Model;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Files;

namespace GenSomAttn.Cli;

/// <summary>The classifier by whose features generated images are scored.</summary>
internal static class Classifiers
{
    private static string Shipped => Path.Combine(DataFolders.Find("classifier"), "fashion-mnist.safetensors");

    /// <summary>The first digits of the SHA-256 of a classifier's file.</summary>
    /// <param name="path">The file; null for the one that is shipped.</param>
    public static string IdOf(string? path)
    {
        const int Digits = 8;
        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path ?? Shipped)))[..Digits];
    }

    /// <summary>Opens the classifier, if it was trained on these data (on others its features mean nothing) and they are enough.</summary>
    /// <param name="backend">Who computes.</param>
    /// <param name="dataset">The data.</param>
    /// <param name="path">The file; null for the one that is shipped.</param>
    /// <returns>It, or the reason why there is none.</returns>
    /// <exception cref="ModelFormatException">The file is damaged or no classifier.</exception>
    public static (ClassifierModel? Classifier, string? Reason) Open(IBackend backend, Dataset dataset, string? path)
    {
        string file = path ?? Shipped;
        Checkpoint checkpoint = CheckpointFile.Load(file);
        if (checkpoint.DatasetSha256 != dataset.Sha256)
        {
            return (null, $"{file} was trained on other data: train one on these (train --model classifier), and give it as --classifier");
        }

        if (dataset.Test.Count < SampleEvaluator.LeastImages)
        {
            return (null, $"of the data {dataset.Test.Count} test images are used, and it takes at least {SampleEvaluator.LeastImages}");
        }

        return ImageModel.Restore(backend, checkpoint) is ClassifierModel classifier
            ? (classifier, null)
            : throw new ModelFormatException(
                $"{file} holds no classifier, but a {checkpoint.Settings.Model.ToString().ToLowerInvariant()}.");
    }
}
