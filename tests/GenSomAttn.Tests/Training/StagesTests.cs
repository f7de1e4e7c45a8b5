using GenSomAttn.Backends;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;
using GenSomAttn.Tests.Support;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>The number of stages of the networks, by the side of the images and by the setting.</summary>
public sealed class StagesTests
{
    [TestCase(4, 2, 1)]
    [TestCase(8, 2, 2)]
    [TestCase(12, 2, 3)]
    [TestCase(28, 2, 7)]
    [TestCase(32, 2, 8)]
    [TestCase(36, 2, 9)]
    [TestCase(64, 2, 16)]
    [TestCase(100, 2, 25)]
    [TestCase(128, 2, 32)]
    [TestCase(132, 2, 33)]
    [TestCase(136, 3, 17)]
    [TestCase(256, 3, 32)]
    [TestCase(512, 4, 32)]
    public void StagesOf_Side_HalvesWhileEvenAndAboveThirtyTwo(int side, int stages, int innerSide)
    {
        Assert.That(ConvNetworks.StagesOf(side), Is.EqualTo(stages));
        ConvNetworks networks = new(new(side, 3), stages, batchSize: 1);
        Assert.That(networks.InnerSide, Is.EqualTo(innerSide));
        Assert.That(networks.Positions.Length, Is.EqualTo(stages == 2 ? 64 : 128));
    }

    [Test]
    public void Export_ColorModelOfThreeStages_HasTheNamesAndShapesOfPyTorch()
    {
        using Backend<float> backend = AllBackends.Create("reference");
        using SomAttnModel model = new(backend, new TrainingSettings { BatchSize = 1, Stages = 3 }, new(40, 3));

        string[] weights =
        [
            .. from tensor in model.Export()
               where tensor.Name.Split('.')[0] is "encoder" or "decoder"
               select $"{tensor.Name} {string.Join('x', tensor.Shape)}",
        ];
        Assert.That(weights, Is.EqualTo((string[])
        [
            "encoder.conv1.weight 32x3x3x3", "encoder.conv1.bias 32", "encoder.conv2.weight 64x32x3x3", "encoder.conv2.bias 64",
            "encoder.conv3.weight 128x64x3x3", "encoder.conv3.bias 128", "encoder.linear.weight 32x3200", "encoder.linear.bias 32",
            "decoder.linear.weight 3200x32", "decoder.linear.bias 3200",
            "decoder.conv_transpose1.weight 128x64x4x4", "decoder.conv_transpose1.bias 64",
            "decoder.conv_transpose2.weight 64x32x4x4", "decoder.conv_transpose2.bias 32",
            "decoder.conv_transpose3.weight 32x3x4x4", "decoder.conv_transpose3.bias 3",
        ]));
        Assert.That((model.Settings.Channels, model.Settings.Stages), Is.EqualTo((3, 3)));
    }

    [Test]
    public void Restore_CheckpointWithoutStages_HasTwoOnLargeImages()
    {
        using Backend<float> backend = AllBackends.Create("reference");
        TrainingSettings settings = new() { BatchSize = 1, Stages = 2, MapHeight = 2, MapWidth = 2 };
        using SomAttnModel model = new(backend, settings, new(64, 1));
        Checkpoint checkpoint = TinyCheckpoint(model);

        using ImageModel restored = ImageModel.Restore(backend, CheckpointFile.Parse(CheckpointFile.ToBytes(checkpoint), "a"));

        Assert.That(restored.Settings, Is.EqualTo(model.Settings));
        Assert.That(restored.Parameters.ElementCount, Is.EqualTo(model.Parameters.ElementCount));
    }

    [TestCase(28, 3, "multiple of 8, or fewer stages than 3")]
    [TestCase(64, 7, "multiple of 128")]
    [TestCase(30, null, "multiple of 4.")]
    [TestCase(0, null, "multiple of 4.")]
    [TestCase(28, 1, "stages 1")]
    [TestCase(512, 8, "stages 8")]
    public void Constructor_StagesThatDoNotFit_Throws(int side, int? stages, string said)
    {
        using Backend<float> backend = AllBackends.Create("reference");
        Assert.That(
            () => new SomAttnModel(backend, new TrainingSettings { BatchSize = 1, Stages = stages }, new(side, 1)),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains(said));
    }

    [Test]
    public void Resolve_OtherChannelsOrAClassifierWithStages_Throws()
    {
        TrainingSettings settings = new();
        Assert.That(() => ImageModel.Resolve(settings with { Channels = 3 }, new(28, 1)), Throws.InstanceOf<ArgumentException>());
        Assert.That(
            (settings with { Model = ModelKind.Classifier, Stages = 3 }).Validate,
            Throws.InstanceOf<ArgumentException>().With.Message.StartsWith("stages does not apply"));
        Assert.That(ImageModel.Resolve(settings with { Model = ModelKind.Classifier }, new(64, 3)).Stages, Is.EqualTo(2));
    }

    private static Checkpoint TinyCheckpoint(ImageModel model) => new()
    {
        Settings = model.Settings,
        Shape = model.Shape,
        Classes = 1,
        Step = 0,
        Epoch = 0,
        LossSum = 0,
        DatasetSha256 = "",
        Tensors = model.Export(),
    };
}
