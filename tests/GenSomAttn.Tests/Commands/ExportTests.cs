using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Commands;

/// <summary>Exports as ONNX and NumPy files; their content is tested in ONNX Runtime and in Python.</summary>
[Parallelizable(ParallelScope.All)]
public sealed partial class ExportTests
{
    private const int Usage = 2, DataOrFile = 3;

    [Test]
    public void Export_Onnx_WritesThreeNetworksAndAsksBeforeItReplacesThem()
    {
        using TemporaryFolder folder = new();
        string[] export = ["export", SharedRun.Path, "--format", "onnx", "--output", folder.File("networks")];
        JsonElement printed = CommandAssert.PrintsJson(export);
        string[] files = [.. Files(printed)];

        Assert.That(printed.GetProperty("format").GetString(), Is.EqualTo("onnx"));
        Assert.That(files.Select(Path.GetFileName), Is.EqualTo((string[])["encoder.onnx", "decoder.onnx", "locate.onnx"]));
        Assert.That(
            files.Select(file => new FileInfo(file).Length),
            Is.EqualTo(printed.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("bytes").GetInt64())));
        byte[] encoder = File.ReadAllBytes(files[0]);
        Assert.That(Encoding.Latin1.GetString(encoder), Does.Contain("attention.in_proj_weight").And.Contain("batch"));

        CommandAssert.Fails(Usage, export, "encoder.onnx", "--overwrite");
        CommandAssert.Succeeds([.. export, "--overwrite"]);
        Assert.That(File.ReadAllBytes(files[0]), Is.EqualTo(encoder), "the same bytes");
        CommandAssert.Fails(Usage, [.. export, "--overwrite", "--split", "test"], "--split");
    }

    [Test]
    public void Export_Images_WritesAFileForEach()
    {
        using TemporaryFolder folder = new();
        string made = folder.File("made"), real = folder.File("real");
        string[] export = ["export", SharedRun.Path, "--samples", "5", "--output", made];

        JsonElement printed = CommandAssert.PrintsJson(export);
        CommandAssert.Succeeds("export", SharedRun.Path, "--real", "--output", real);

        Assert.That(printed.GetProperty("images").GetInt32(), Is.EqualTo(5));
        string[] files = [.. Directory.GetFiles(made).Order(StringComparer.Ordinal)];
        Assert.That(files.Select(Path.GetFileName), Is.EqualTo(Enumerable.Range(0, 5).Select(n => $"{n:00000}.png")));
        Array.ForEach(files, CommandAssert.IsPicture);
        Assert.That(Directory.GetFiles(real), Has.Length.EqualTo(12), "the test images");

        byte[] first = File.ReadAllBytes(files[0]);
        CommandAssert.Fails(Usage, export, "--overwrite");
        CommandAssert.Succeeds([.. export, "--overwrite"]);
        Assert.That(File.ReadAllBytes(files[0]), Is.EqualTo(first), "the same images");
        CommandAssert.Fails(Usage, ["export", SharedRun.Path, "--samples", "4", "--overwrite", "--output", made], "00004.png");
        CommandAssert.Fails(Usage, ["export", SharedRun.Path, "--samples", "4"], "--output");
        CommandAssert.Fails(Usage, [.. export, "--format", "npz"], "--format");
        CommandAssert.Fails(Usage, ["export", SharedRun.Path, "--seed", "4"], "--samples");
    }

    [Test]
    public void Evaluate_InceptionWithFewImages_IsRefused()
    {
        string[] evaluate = ["evaluate", SharedRun.Path, "--inception", "absent.safetensors"];

        CommandAssert.Fails(DataOrFile, evaluate, "2048", "12");
        CommandAssert.Fails(Usage, [.. evaluate, "--samples", "2047"], "2048");
        CommandAssert.Fails(Usage, [.. evaluate, "--samples", "0"], "--inception");
    }

    [Test]
    public void Export_Arrays_HaveTheirShapes()
    {
        using TemporaryFolder folder = new();
        string[] files = [.. Files(CommandAssert.PrintsJson(
            "export", SharedRun.Path, "--format", "npy", "--split", "test", "--output", folder.Path))];
        string packed = folder.File("model.npz");
        CommandAssert.Succeeds("export", SharedRun.Path, "--format", "npz", "--output", packed);

        string[] heads = [.. files.Select(file => Shape(Encoding.Latin1.GetString(File.ReadAllBytes(file))))];
        Assert.That(
            files.Select(Path.GetFileName), Is.EqualTo((string[])["codebook.npy", "codes.npy", "units.npy", "labels.npy"]));
        Assert.That(heads, Is.EqualTo((string[])["<f4 (3, 4, 8)", "<f4 (12, 8)", "<i4 (12,)", "<i4 (12,)"]));
        string archive = Encoding.Latin1.GetString(File.ReadAllBytes(packed));
        Assert.That(
            Head().Matches(archive).Select(match => match.Groups[2].Value),
            Is.EqualTo((string[])["3, 4, 8", "52, 8", "52,", "52,"]));
        CommandAssert.Fails(Usage, ["export", SharedRun.Path, "--format", "npz", "--output", folder.File("x.npy")], ".npz");
    }

    [Test]
    public void Export_OtherModels_WriteWhatTheyHave()
    {
        using TemporaryFolder folder = new();
        string Train(string model)
        {
            string output = folder.File(model);
            CommandAssert.Succeeds(
                "train", "--model", model, "--epochs", "1", "--latent", "8", "--accelerator", "cpu", "--data", SharedRun.Data,
                "--output", output);
            return Directory.GetDirectories(output).Single();
        }

        string vae = Train("vae");
        string classifier = Train("classifier");

        string[] networks = [.. Files(CommandAssert.PrintsJson("export", vae, "--format", "onnx"))];
        string[] arrays = [.. Files(CommandAssert.PrintsJson("export", vae, "--format", "npy"))];
        Assert.That(networks, Is.EqualTo(new[] { Path.Combine(vae, "onnx", "encoder.onnx"), Path.Combine(vae, "onnx", "decoder.onnx") }));
        Assert.That(arrays, Is.EqualTo(new[] { Path.Combine(vae, "npy", "codes.npy"), Path.Combine(vae, "npy", "labels.npy") }));
        CommandAssert.Fails(Usage, ["export", classifier, "--format", "onnx"], "classifier", "neither code nor decoder");
        Assert.That(CommandAssert.Succeeds("info", vae, "--verify").Output, Does.Contain("onnx/encoder.onnx"));
    }

    private static IEnumerable<string> Files(JsonElement printed) =>
        printed.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("file").GetString()!);

    private static string Shape(string content)
    {
        Match head = Head().Match(content);
        return $"{head.Groups[1].Value} ({head.Groups[2].Value})";
    }

    [GeneratedRegex(@"\{'descr': '([^']+)', 'fortran_order': False, 'shape': \(([^)]*)\), \}")]
    private static partial Regex Head();
}
