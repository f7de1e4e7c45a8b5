using GenSomAttn.Backends;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Goldens;

/// <summary>
/// Every backend against values that PyTorch and NumPy computed in float64: one test for each file of tests/goldens and each
/// backend. The environment variable GENSOM_GOLDENS names another folder instead, relative to the repository's root.
/// </summary>
public sealed class GoldenTests
{
    private static string Folder => Environment.GetEnvironmentVariable("GENSOM_GOLDENS") is { Length: > 0 } folder
        ? Path.Combine(Repository.Root, folder)
        : Path.Combine(Repository.Root, "tests", "goldens");

    private static IEnumerable<TestCaseData> Cases =>
        AllBackends.Each([.. Files().Select(path => new FileInfo(path))])
            .Select(data => new TestCaseData(((FileInfo)data.Arguments[0]!).Name, data.Arguments[1]));

    [Test]
    public void Folder_HoldsGoldens()
        => Assert.That(Files(), Is.Not.Empty, $"{Folder} has no *.safetensors file, so that nothing is compared.");

    [TestCaseSource(nameof(Cases))]
    public void Golden(string file, string accelerator)
    {
        SafetensorsFile content = SafetensorsFile.Read(Path.Combine(Folder, file));
        Assert.That(content.Metadata.ContainsKey("op"), Is.True, $"{file} does not say which operation it is of.");
        using Backend<float> backend = AllBackends.Create(accelerator);
        using GoldenCase golden = new(content, backend);
        Action<GoldenCase> check = CheckOf(content.Metadata["op"]);
        check(golden);
        golden.AssertEverythingWasRead();
    }

    private static Action<GoldenCase> CheckOf(string op) => op switch
    {
        "conv2d" => ConvGoldens.Conv2d,
        "conv_transpose2d" => ConvGoldens.ConvTranspose2d,
        "chain" => ConvGoldens.Chain,
        "linear" => RowGoldens.Linear,
        "layer_norm" => RowGoldens.LayerNorm,
        "softmax" => RowGoldens.Softmax,
        "multi_head_self_attention" => RowGoldens.MultiHeadSelfAttention,
        "relu" => ElementGoldens.Relu,
        "sigmoid" => ElementGoldens.Sigmoid,
        "mse_loss" => ElementGoldens.Mse,
        "gaussian_kl" => ElementGoldens.GaussianKl,
        "adam" => ElementGoldens.Adam,
        "best_matching_unit" => SomGoldens.BestMatchingUnit,
        "som_update" => SomGoldens.SomUpdate,
        _ => throw new AssertionException($"No check is known for the operation '{op}'."),
    };

    private static string[] Files()
        => Directory.Exists(Folder) ? [.. Directory.GetFiles(Folder, "*.safetensors").Order(StringComparer.Ordinal)] : [];
}
