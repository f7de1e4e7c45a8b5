using GenSomAttn.Model.Settings;

namespace GenSomAttn;

/// <summary>
/// Options of a training. The defaults are those of the command line; the same options, images and device give the same bits.
/// </summary>
public sealed record TrainOptions
{
    private static readonly TrainingSettings Defaults = new();

    /// <summary>Passes over the images, 1 to 1,000,000.</summary>
    public int Epochs { get; init; } = Defaults.Epochs;

    /// <summary>Images of a step, 1 to 65,536.</summary>
    public int BatchSize { get; init; } = Defaults.BatchSize;

    /// <summary>Adam's learning rate at the first step, above 0 and at most 1; cosine decay to a twentieth.</summary>
    public double LearningRate { get; init; } = Defaults.LearningRate;

    /// <summary>Seed of all random numbers.</summary>
    public ulong Seed { get; init; } = Defaults.Seed;

    /// <summary>Rows of the map, 1 to 1000; at most 40,000 units.</summary>
    public int Rows { get; init; } = Defaults.MapHeight;

    /// <summary>Columns of the map, 1 to 1000; at most 40,000 units.</summary>
    public int Columns { get; init; } = Defaults.MapWidth;

    /// <summary>D, elements of a code: a multiple of 8 up to 4096.</summary>
    public int CodeLength { get; init; } = Defaults.Latent;

    /// <summary>Width of the map's neighborhood at the first step, in grid cells, 0.01 to 1000.</summary>
    public double SigmaStart { get; init; } = Defaults.SigmaStart;

    /// <summary>Width of the map's neighborhood from 80 % of the steps on, in grid cells, 0.01 to <see cref="SigmaStart"/>.</summary>
    public double SigmaEnd { get; init; } = Defaults.SigmaEnd;

    /// <summary>Images that each <see cref="EpochReport"/> scores, of the shape of the training images; null for none.</summary>
    public Images? TestImages { get; init; }

    /// <summary>Where to compute.</summary>
    public Compute Compute { get; init; } = new();

    /// <summary>Checks every option against its range; a training does it before it starts.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it, its value and the range.</exception>
    public void Validate()
    {
        try
        {
            ToSettings().Validate();
        }
        catch (SettingException exception)
        {
            throw Faults.Explain(exception)!;
        }
    }

    internal TrainingSettings ToSettings() => new()
    {
        Epochs = Epochs,
        BatchSize = BatchSize,
        LearningRate = LearningRate,
        Seed = Seed,
        MapHeight = Rows,
        MapWidth = Columns,
        Latent = CodeLength,
        SigmaStart = SigmaStart,
        SigmaEnd = SigmaEnd,
    };
}
