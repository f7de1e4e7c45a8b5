using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Training;

/// <summary>Defaults that fit the size of the map and of the data set, each with a note on stderr.</summary>
/// <param name="given">Keys in config.json of the settings that an option or a configuration file sets.</param>
internal sealed class FittingDefaults(IReadOnlySet<string> given)
{
    /// <summary>Steps that a map needs: about two epochs of Fashion-MNIST with the default batch.</summary>
    public const int EnoughSteps = 2000;

    /// <summary>Keys of the settings that it fits.</summary>
    public static readonly IReadOnlyList<string> Keys = [EpochsKey, SigmaKey];

    private const string EpochsKey = "epochs", SigmaKey = "sigma_start";

    /// <summary>Limit of the default epochs: each writes a checkpoint and pictures, longer than its few steps in a small set.</summary>
    private const int MaxEpochs = 500;

    /// <summary>Sigma starts at the map's longer side divided by this.</summary>
    private const double SidesPerSigma = 3;

    /// <summary>
    /// Returns the settings with a sigma that fits the map: a third of its longer side, as on a map of 12x12, and not less than on that.
    /// </summary>
    public TrainingSettings WithSigma(TrainingSettings settings)
    {
        TrainingSettings fitting = WithSigmaOfSide(settings);
        if (!ModelTraits.Of(settings.Model).HasMap || given.Contains(SigmaKey) || fitting == settings)
        {
            return settings;
        }

        Console.Error.WriteLine(FormattableString.Invariant(
            $"note: sigma starts at {fitting.SigmaStart:0.##}, a third of the map's side; --sigma-start sets it"));
        return fitting;
    }

    /// <summary>Returns the settings with that sigma, whatever the options.</summary>
    public static TrainingSettings WithSigmaOfSide(TrainingSettings settings)
    {
        double third = Math.Max(settings.MapHeight, settings.MapWidth) / SidesPerSigma;
        return third <= settings.SigmaStart ? settings : settings with { SigmaStart = third };
    }

    /// <summary>Returns the settings with so many epochs that the map gets enough steps.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="images">Training images.</param>
    public TrainingSettings WithEpochs(TrainingSettings settings, int images)
    {
        int stepsPerEpoch = (images + settings.BatchSize - 1) / settings.BatchSize;
        int fitting = Math.Min(MaxEpochs, (EnoughSteps + stepsPerEpoch - 1) / stepsPerEpoch);
        if (!ModelTraits.Of(settings.Model).HasMap || given.Contains(EpochsKey) || fitting <= settings.Epochs)
        {
            return settings;
        }

        Console.Error.WriteLine(
            $"note: {fitting} epochs instead of {settings.Epochs}, {(long)fitting * stepsPerEpoch} steps, since a map needs a few "
            + "thousand; --epochs sets them");
        return settings with { Epochs = fitting };
    }

    /// <summary>Advises against a map of more units than there are images.</summary>
    public static void NoteUnits(TrainingSettings settings, int images)
    {
        int units = settings.MapHeight * settings.MapWidth;
        if (ModelTraits.Of(settings.Model).HasMap && images < units)
        {
            Console.Error.WriteLine($"note: a map of {units} units for {images} images: give a smaller --map");
        }
    }
}
