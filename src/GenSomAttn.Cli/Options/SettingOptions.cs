using System.CommandLine;
using GenSomAttn.Cli.Training;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Options;

/// <summary>The options of train that determine its result.</summary>
internal static class SettingOptions
{
    private static readonly TrainingSettings Defaults = new();
    private static readonly MapOptions MapDefaults = Options(Defaults);

    /// <summary>Adds all of them to a verb, in the order of the help.</summary>
    public static IReadOnlyList<SettingOption> AddTo(Command verb)
    {
        SettingOption[] all =
        [
            Model(),
            .. Training(),
            .. Pictures(),
            Stages(),
            .. SomAttn().Concat(Map()).Select(option => option with { Only = ModelKind.SomAttn }),
            .. Vae().Select(option => option with { Only = ModelKind.Vae }),
        ];
        Array.ForEach(all, setting => verb.Declare(setting.Option));
        return all;
    }

    /// <summary>Adds those that say how data are read.</summary>
    public static IReadOnlyList<SettingOption> AddReadingTo(Command verb)
    {
        SettingOption[] all = [Limit(), .. Pictures()];
        Array.ForEach(all, setting => verb.Declare(setting.Option));
        return all;
    }

    /// <summary>Returns the run of --init, whose parameters a training starts from; null for none.</summary>
    public static string? InitialRun(IEnumerable<SettingOption> all, ParseResult parse) =>
        parse.GetValue(all.Select(setting => setting.Option).OfType<Option<TrainingStart>>().Single()).Run;

    private static SettingOption Model() => SettingOption.Create(
        "--model", ValueForms.OneOf<ModelKind>(),
        "Model to train: somattn, the map with attention; vae, a variational autoencoder; ae, a plain autoencoder; classifier, whose "
        + "features score generated images.",
        Defaults.Model, "vae", (settings, value) => settings with { Model = value });

    private static IEnumerable<SettingOption> Training() =>
    [
        SettingOption.Create(
            "--epochs", ValueForms.Count, "Passes over the training images.",
            $"{Defaults.Epochs}, or more where a map would have fewer than {FittingDefaults.EnoughSteps} steps", "5",
            (settings, value) => settings with { Epochs = value }),
        Limit(),
        Validate(),
        SettingOption.Create(
            "--eval-every", ValueForms.Count, "Score the test images, and draw curves and atlas, after every Nth epoch and the last.", 1,
            "5", (settings, value) => settings with { EvalEvery = value == 1 ? null : value }),
        SettingOption.Create(
            "--batch-size", ValueForms.Count, "Images per step.", Defaults.BatchSize, "32",
            (settings, value) => settings with { BatchSize = value }),
        SettingOption.Create(
            "--shards", ValueForms.Whole(1, TrainingSettings.MaxShards), "Parts of a batch, a power of two, whose gradients are computed "
            + "one after another, or on up to as many ranks of mpirun, with the same result; less memory for a large batch.",
            Defaults.Shards, "8",
            (settings, value) => settings with { Shards = value }),
        SettingOption.Create(
            "--learning-rate", ValueForms.Number, "Adam's learning rate at the first step; cosine decay to a twentieth.",
            Defaults.LearningRate, "0.0005", (settings, value) => settings with { LearningRate = value }),
        SettingOption.Create(
            "--seed", ValueForms.Seed, "Seed of all random numbers: the same seed gives the same training.", Defaults.Seed, "7",
            (settings, value) => settings with { Seed = value }),
        SettingOption.Create(
            "--latent", ValueForms.Count, "Elements of the latent vector.", Defaults.Latent, "64",
            (settings, value) => settings with { Latent = value }),
    ];

    private static SettingOption Limit() => SettingOption.Create(
        "--limit", ValueForms.Count, "Use the first N training and the first N test images; those of an image folder are mixed by a "
        + "hash of their names.", "all", "6000",
        (settings, value) => settings with { Limit = value });

    /// <summary>--validate: held-out training images.</summary>
    public static SettingOption Validate() => SettingOption.Create(
        "--validate", ValueForms.Whole(0, int.MaxValue), "Hold N training images out, the same for every seed, and score them in place "
        + "of the test images: for choosing settings.", 0, "5000",
        (settings, value) => settings with { ValidationImages = value == 0 ? null : value });

    private static IEnumerable<SettingOption> Pictures() =>
    [
        SettingOption.Create(
            "--image-size", ValueForms.Count, "Side to which the pictures of an image folder are resized, a multiple of 4.", "28", "64",
            (settings, value) => settings with { ImageSize = value }),
        SettingOption.Create(
            "--channels", ValueForms.OneOf<ChannelsOfPictures>(), "Read the pictures of an image folder as gray, as color, or as the "
            + "pictures are (auto).", ChannelsOfPictures.Auto, "gray", (settings, value) => settings with { Channels = Channels(value) }),
        SettingOption.Create(
            "--fit", ValueForms.OneOf<PictureFit>(), "Make a picture that is not square an image by the square in its middle (crop), by "
            + "the background beside it (pad), or by stretching it.", PictureFit.Crop, "pad",
            (settings, value) => settings.With(Pictures(settings) with { Fit = value })),
        SettingOption.CreateFlag(
            "--flip", "Exchange rows and columns of the images in IDX and NumPy files, which store them so; done without the option for "
            + "files with EMNIST's names.", settings => settings.With(Pictures(settings) with { Flip = true })),
        SettingOption.Create(
            "--background", ValueForms.OneOf<PictureBackground>(), "What lies behind transparent pixels and beside a padded picture.",
            PictureBackground.White, "black", (settings, value) => settings.With(Pictures(settings) with { Background = value })),
        SettingOption.Create(
            "--test-share", ValueForms.Number, "Share of the pictures that become the test set by a hash of their names or numbers, where "
            + "no folder or file of test images is there; 0 for none.", "one in seven with labels, 0.05 without", "0.1",
            (settings, value) => settings.With(Pictures(settings) with { TestShare = value })),
        SettingOption.CreateFlag(
            "--follow-links", "Follow symbolic links in an image folder; otherwise they are passed over and counted.",
            settings => settings.With(Pictures(settings) with { FollowLinks = true })),
        SettingOption.CreateFlag(
            "--skip-broken", "Leave out pictures of an image folder that cannot be read; otherwise the first of them stops the program.",
            settings => settings with { SkipBroken = true }),
    ];

    private static SettingOption Stages() => SettingOption.Create(
        "--stages", ValueForms.Whole(TrainingSettings.MinStages, TrainingSettings.MaxStages),
        "Convolutions of the encoder, each of which halves the side; the decoder has as many.",
        "2, and further ones while the side that is left is even and above 32", "2", (settings, value) => settings with { Stages = value });

    private static PictureReading Pictures(TrainingSettings settings) => settings.Pictures ?? new PictureReading();

    private static MapOptions Options(TrainingSettings settings) => settings.MapOptions ?? new MapOptions();

    private static int? Channels(ChannelsOfPictures value) => value switch
    {
        ChannelsOfPictures.Gray => ImageShape.Gray,
        ChannelsOfPictures.Color => ImageShape.Color,
        _ => null,
    };

    private static IEnumerable<SettingOption> Vae() =>
    [
        SettingOption.Create(
            "--beta", ValueForms.Number, "Weight of the KL divergence in the VAE's loss.", Defaults.Beta, "2",
            (settings, value) => settings with { Beta = value }),
        SettingOption.Create(
            "--decoder-variance", ValueForms.Number, "Decoder variance of the pixels in a VAE: small for sharp reconstructions, large "
            + "for good samples.", Defaults.DecoderVariance, "0.1", (settings, value) => settings with { DecoderVariance = value }),
    ];

    private static IEnumerable<SettingOption> SomAttn() =>
    [
        SettingOption.Create(
            "--attention", ValueForms.OneOf<AttentionKind>(),
            "Self-attention over the parts of the latent vector (latent) or over the positions of the feature map (spatial); attention of "
            + "learned queries to these positions instead of the encoder's last linear layer (pool); or none.",
            Defaults.Attention, "none", (settings, value) => settings with { Attention = value }),
        SettingOption.Create(
            "--loss", ValueForms.OneOf<LossKind>(), "Training loss; 'report' gives the encoder no gradient.",
            Defaults.Loss, "report", (settings, value) => settings with { Loss = value }),
        SettingOption.Create(
            "--quantized-weight", ValueForms.Number, "Weight of the quantized reconstruction, decoded from codebook vectors, in the loss.",
            Defaults.QuantizedWeight, "1", (settings, value) => settings with { QuantizedWeight = value }),
        SettingOption.Create(
            "--commitment", ValueForms.Number, "Weight of the commitment term: mean squared distance of codes to their codebook vectors.",
            $"{TrainingSettings.GrayCommitment} for gray images, 0 for color", "0.5",
            (settings, value) => settings with { Commitment = value }),
    ];

    private static IEnumerable<SettingOption> Map() =>
    [
        SettingOption.Create(
            "--map", ValueForms.MapSize, "Rows and columns of the map.", new MapSize(Defaults.MapHeight, Defaults.MapWidth), "10x14",
            (settings, value) => settings with { MapHeight = value.Height, MapWidth = value.Width }),
        SettingOption.Create(
            "--lattice", ValueForms.OneOf<MapLattice>(),
            "Arrangement of the units: rectangle, with 4 or 8 neighbors, or hexagon, odd rows shifted by half a cell, with 6.",
            MapDefaults.Lattice, "rectangle", (settings, value) => settings.With(Options(settings) with { Lattice = value })),
        SettingOption.CreateFlag(
            "--torus", "Joins opposite edges of the map, so that it has no border. Hexagons need an even number of rows.",
            settings => settings.With(Options(settings) with { Torus = true })),
        SettingOption.Create(
            "--neighborhood", ValueForms.OneOf<NeighborhoodKind>(),
            "Neighborhood of distance d and width s (sigma): gaussian, exp(-d^2 / 2 s^2); bubble, 1 up to s; epanechnikov, 1 - d^2 / s^2 "
            + "up to s; mexican-hat, (1 - d^2 / s^2) exp(-d^2 / 2 s^2).",
            MapDefaults.Neighborhood, "bubble", (settings, value) => settings.With(Options(settings) with { Neighborhood = value })),
        SettingOption.Create(
            "--init", TrainingStart.Form,
            "Initial codebook: random numbers, codes of a random sample of training images, or a plane of their first two principal "
            + "components (pca). Or a run, a directory or its number, whose parameters and codebook the training starts from; data and "
            + "settings that are not given are then that run's.",
            MapDefaults.Init, "pca", (settings, value) => value.Codebook is { } init
                ? settings.With(Options(settings) with { Init = init })
                : settings) with
        {
            AppliesAnyway = (parse, option) => parse.GetValue((Option<TrainingStart>)option).Run is not null,
        },
        SettingOption.Create(
            "--som-update", ValueForms.OneOf<SomUpdateKind>(), "Update rule of the map: mini-batch, or online (one sample after another).",
            Defaults.SomUpdate, "online", (settings, value) => settings with { SomUpdate = value }),
        SettingOption.Create(
            "--sigma-start", ValueForms.Number, "Sigma of the neighborhood at the first step, in grid cells.",
            $"{Defaults.SigmaStart}, or a third of the map's longer side if that is more", "6",
            (settings, value) => settings with { SigmaStart = value }),
        SettingOption.Create(
            "--sigma-end", ValueForms.Number, "Sigma of the neighborhood from 80 % of the steps on, in grid cells.",
            Defaults.SigmaEnd, "0.8", (settings, value) => settings with { SigmaEnd = value }),
        SettingOption.Create(
            "--eta-start", ValueForms.Number, "The map's learning rate at the first step.",
            Defaults.EtaStart, "0.5", (settings, value) => settings with { EtaStart = value }),
        SettingOption.Create(
            "--eta-end", ValueForms.Number, "The map's learning rate at the last step.",
            Defaults.EtaEnd, "0.02", (settings, value) => settings with { EtaEnd = value }),
    ];
}
