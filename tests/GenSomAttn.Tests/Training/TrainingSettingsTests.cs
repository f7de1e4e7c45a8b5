using GenSomAttn.Cli.Execution;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Settings;
using NUnit.Framework;

namespace GenSomAttn.Tests.Training;

/// <summary>Refused settings and their messages.</summary>
public sealed class TrainingSettingsTests
{
    private static readonly TrainingSettings Default = new();

    private static readonly TestCaseData<TrainingSettings, string>[] Refused =
    [
        new(Default with { Epochs = 0 }, "--epochs 0"),
        new(Default with { Epochs = -1 }, "--epochs -1"),
        new(Default with { BatchSize = 0 }, "--batch-size 0"),
        new(Default with { BatchSize = int.MaxValue }, "--batch-size 2147483647"),
        new(Default with { LearningRate = 0 }, "--learning-rate 0"),
        new(Default with { LearningRate = -1e-3 }, "--learning-rate -0.001"),
        new(Default with { LearningRate = double.NaN }, "--learning-rate NaN"),
        new(Default with { LearningRate = double.PositiveInfinity }, "--learning-rate Infinity"),
        new(Default with { Latent = 0 }, "--latent 0"),
        new(Default with { Latent = 12 }, "--latent 12 cannot be cut into 8 parts"),
        new(Default with { Latent = 12, Attention = AttentionKind.Pool }, "--latent 12 cannot be cut into 8 parts"),
        new(Default with { MapHeight = 0, MapWidth = 5 }, "--map 0x5"),
        new(Default with { MapHeight = 5, MapWidth = -1 }, "--map 5x-1"),
        new(Default with { MapHeight = 1000, MapWidth = 1000 }, "--map 1000x1000"),
        new(Default with { MapHeight = 65_536, MapWidth = 65_536 }, "--map 65536x65536"),
        new(Default with { SigmaStart = 0 }, "--sigma-start 0"),
        new(Default with { SigmaStart = double.NaN }, "--sigma-start NaN"),
        new(Default with { SigmaEnd = 0 }, "--sigma-end 0"),
        new(Default with { SigmaEnd = 1e-30 }, "--sigma-end 1E-30"),
        new(Default with { SigmaEnd = 4.5 }, "--sigma-end 4.5"),
        new(Default with { SigmaEnd = double.NaN }, "--sigma-end NaN"),
        new(Default with { EtaStart = 1.5 }, "--eta-start 1.5"),
        new(Default with { EtaStart = double.NaN }, "--eta-start NaN"),
        new(Default with { EtaEnd = 0.5 }, "--eta-end 0.5"),
        new(Default with { EtaEnd = 0 }, "--eta-end 0"),
        new(Default with { QuantizedWeight = -0.1 }, "--quantized-weight -0.1"),
        new(Default with { QuantizedWeight = double.NaN }, "--quantized-weight NaN"),
        new(Default with { Commitment = -0.1 }, "--commitment -0.1"),
        new(Default with { Commitment = double.NaN }, "--commitment NaN"),
        new(Default with { Limit = 0 }, "--limit 0"),
        new(Default with { ImageSize = 0 }, "--image-size 0"),
        new(Default with { ImageSize = 30 }, "--image-size 30"),
        new(Default with { ImageSize = 516 }, "--image-size 516"),
        new(Default with { Attention = (AttentionKind)7 }, "--attention 7"),
        new(Default with { Loss = (LossKind)7 }, "--loss 7"),
        new(Default with { SomUpdate = (SomUpdateKind)7 }, "--som-update 7"),
        new(Default.With(new MapOptions { Lattice = (MapLattice)7 }), "--lattice 7"),
        new(Default.With(new MapOptions { Neighborhood = (NeighborhoodKind)7 }), "--neighborhood 7"),
        new(Default.With(new MapOptions { Init = (CodebookInit)7 }), "--init 7"),
    ];

    [TestCaseSource(nameof(Refused))]
    public void Validate_OutOfRange_NamesOptionAndValue(TrainingSettings settings, string said)
    {
        Assert.That(
            () => UsageException.Check(settings.Validate),
            Throws.TypeOf<UsageException>().With.Message.StartsWith(said + (said.Contains("cut") ? ":" : " is ")));
    }

    [Test]
    public void Validate_MapOptionsThatDoNotFit_SayWhy()
    {
        var hexagonalTorus = new MapOptions { Lattice = MapLattice.Hexagon, Torus = true };
        TrainingSettings mexicanHat = Default.With(new MapOptions { Neighborhood = NeighborhoodKind.MexicanHat });

        Assert.That(() => Default.With(hexagonalTorus).Validate(), Throws.Nothing);
        Assert.That(
            () => UsageException.Check((Default.With(hexagonalTorus) with { MapHeight = 5 }).Validate),
            Throws.TypeOf<UsageException>().With.Message.StartsWith("--map 5x12 does not fit hexagons on a torus"));
        Assert.That(mexicanHat.Validate, Throws.Nothing);
        Assert.That(
            () => UsageException.Check((mexicanHat with { SomUpdate = SomUpdateKind.Online }).Validate),
            Throws.TypeOf<UsageException>().With.Message.StartsWith("--neighborhood mexican-hat needs --som-update batch"));
        Assert.That(Default.With(new MapOptions()).MapOptions, Is.Null, "runs from before lattices have no key in a checkpoint");
    }

    [Test]
    public void Validate_DefaultsAndEdges_ArePassed()
    {
        TrainingSettings[] passed =
        [
            Default,
            Default with { Latent = 12, Attention = AttentionKind.None },
            Default with { Latent = 12, Attention = AttentionKind.Spatial },
            Default with { Latent = 16, Attention = AttentionKind.Pool },
            Default with { MapHeight = 1, MapWidth = 1, Latent = 8 },
            Default with { SigmaEnd = 4, EtaStart = 1, EtaEnd = 1, QuantizedWeight = 0, Commitment = 0 },
            Default with { BatchSize = 1, Limit = 1, Epochs = 1 },
            Default with { ImageSize = 4, SkipBroken = true },
            Default with { ImageSize = 512 },
        ];

        foreach (TrainingSettings settings in passed)
        {
            Assert.That(settings.Validate, Throws.Nothing, settings.ToString());
        }
    }
}
