using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using NUnit.Framework;

namespace GenSomAttn.OnnxTests;

/// <summary>Exported networks compute in ONNX Runtime what the program computes.</summary>
public sealed class OnnxNetworksTests
{
    /// <summary>Sums of up to 8,192 products of floats in another order, of codes near 1.</summary>
    private const float CodeTolerance = 1e-5f;

    /// <summary>A step of an 8-bit pixel.</summary>
    private const float PixelTolerance = 1 / 255f;

    private const int Batch = 16;

    private static readonly TrainingSettings Small = new()
    {
        Epochs = 3,
        BatchSize = Batch,
        Latent = 16,
        MapHeight = 3,
        MapWidth = 5,
    };

    private static readonly TestCaseData[] Models =
    [
        new TestCaseData(Small with { Latent = 32, MapHeight = 12, MapWidth = 12 }, new ImageShape(28, 1)).SetArgDisplayNames("default"),
        new TestCaseData(Small, new ImageShape(8, 3)).SetArgDisplayNames("color 8"),
        new TestCaseData(Small with { Attention = AttentionKind.None, Latent = 7 }, new ImageShape(20, 1)).SetArgDisplayNames("none"),
        new TestCaseData(Small with { Attention = AttentionKind.Spatial }, new ImageShape(12, 3)).SetArgDisplayNames("spatial"),
        new TestCaseData(Small with { Attention = AttentionKind.Pool }, new ImageShape(12, 1)).SetArgDisplayNames("pool"),
        new TestCaseData(Small with { Stages = 4 }, new ImageShape(48, 3)).SetArgDisplayNames("four stages"),
        new TestCaseData(Small with { MapHeight = 1, MapWidth = 1 }, new ImageShape(4, 1)).SetArgDisplayNames("one unit"),
        new TestCaseData(
            (Small with { MapHeight = 4 }).With(new MapOptions { Lattice = MapLattice.Hexagon, Torus = true }), new ImageShape(16, 1))
            .SetArgDisplayNames("hexagons on a torus"),
        new TestCaseData(Small with { Model = ModelKind.Ae, Latent = 5 }, new ImageShape(12, 3)).SetArgDisplayNames("ae"),
        new TestCaseData(Small with { Model = ModelKind.Vae, Latent = 9 }, new ImageShape(12, 1)).SetArgDisplayNames("vae"),
    ];

    [TestCaseSource(nameof(Models))]
    public void Networks_InOnnxRuntime_ComputeTheSame(TrainingSettings settings, ImageShape shape)
    {
        Dataset dataset = ExportedModel.Images(shape, 3 * Batch);
        using ExportedModel exported = new(settings, dataset);
        bool hasMap = exported.Model.Map is not null;

        string[] files = hasMap ? ["encoder.onnx", "decoder.onnx", "locate.onnx"] : ["encoder.onnx", "decoder.onnx"];
        Assert.That(exported.Files, Is.EqualTo(files));
        foreach (int count in (int[])[1, 7, Batch])
        {
            ImageSet images = dataset.Test.First(count);
            float[] codes = exported.Encode(images);
            var encoded = exported.Run("encoder.onnx", images);
            var decoded = exported.Run("decoder.onnx", "code", codes, count, exported.Model.CodeLength);

            Assert.That(encoded["code"].AsTensor<float>().ToArray(), Is.EqualTo(codes).Within(CodeTolerance), $"{count} images");
            int[] axes = [count, shape.Channels, shape.Side, shape.Side];
            Assert.That(decoded["image"].AsTensor<float>().Dimensions.ToArray(), Is.EqualTo(axes));
            Assert.That(
                decoded["image"].AsTensor<float>().ToArray(), Is.EqualTo(exported.Decode(codes, count)).Within(PixelTolerance));
            if (hasMap)
            {
                AssertPlaces(exported, images);
            }
        }
    }

    [Test]
    public void Networks_OfTheDataSet_FindEqualUnits()
    {
        DirectoryInfo root = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "GenSomAttn.Native.sln")))
        {
            root = root.Parent!;
        }

        Dataset dataset = Dataset.Load(Path.Combine(root.FullName, "data", "fashion-mnist"), new DataOptions(1000));
        using ExportedModel exported = new(new TrainingSettings { Epochs = 5, BatchSize = 1000 }, dataset);

        AssertPlaces(exported, dataset.Test);
        Assert.That(exported.Locate(dataset.Test).Units.Distinct().Count(), Is.GreaterThan(1));
    }

    [Test]
    public void Metadata_OfEachFile_SaysWhatItIs()
    {
        TrainingSettings settings = (Small with { MapHeight = 4 }).With(new MapOptions { Lattice = MapLattice.Hexagon });
        using ExportedModel exported = new(settings, ExportedModel.Images(new ImageShape(8, 3), Batch));

        foreach (string file in exported.Files)
        {
            Dictionary<string, string> metadata = exported.Metadata(file).CustomMetadataMap;
            Assert.That(exported.Metadata(file).ProducerName, Is.EqualTo("GenSomAttn.Native"));
            Assert.That(exported.Metadata(file).GraphName, Is.EqualTo(Path.GetFileNameWithoutExtension(file)));
            Assert.That(metadata, Is.EquivalentTo(new Dictionary<string, string>
            {
                ["model"] = "somattn",
                ["side"] = "8",
                ["channels"] = "3",
                ["latent"] = "16",
                ["epoch"] = "3",
                ["step"] = "3",
                ["dataset_sha256"] = "of images",
                ["map_height"] = "4",
                ["map_width"] = "5",
                ["lattice"] = "hexagon",
                ["torus"] = "false",
            }));
        }
    }

    [Test]
    public void Networks_OfAWrongTensor_AreRefused()
    {
        using ExportedModel exported = new(Small, ExportedModel.Images(new ImageShape(8, 1), Batch));
        Checkpoint without = exported.Checkpoint with { Tensors = [.. exported.Checkpoint.Tensors.Skip(1)] };
        Checkpoint other = exported.Checkpoint with { Settings = exported.Checkpoint.Settings with { Latent = 24 } };

        Assert.That(() => OnnxNetworks.Write(without, "1"), Throws.Exception.With.Message.Contains("encoder.conv1.weight is missing"));
        Assert.That(() => OnnxNetworks.Write(other, "1"), Throws.Exception.With.Message.Contains("expected shape (24, "));
    }

    private static void AssertPlaces(ExportedModel exported, ImageSet images)
    {
        var located = exported.Run("locate.onnx", images);
        (int[] units, float[] distances) = exported.Locate(images);

        Assert.That(located["unit"].AsTensor<long>().ToArray().Select(unit => (int)unit), Is.EqualTo(units));

        // Of codes that differ by their tolerance, in up to 32 dimensions.
        Assert.That(located["distance"].AsTensor<float>().ToArray(), Is.EqualTo(distances).Within(6 * CodeTolerance));
    }
}
