using System.Security.Cryptography;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Runs;

/// <summary>Where a training took its initial parameters and codebook from.</summary>
/// <param name="Checkpoint">The checkpoint of another run.</param>
/// <param name="Sha256">SHA-256 of that file, in lower-case hexadecimal.</param>
public sealed record ParameterSource(string Checkpoint, string Sha256);

/// <summary>A checkpoint whose parameters and codebook a new training starts from, without the optimizer's moments.</summary>
/// <param name="Source">Its file.</param>
/// <param name="Checkpoint">Its content.</param>
public sealed record InitialCheckpoint(ParameterSource Source, Checkpoint Checkpoint)
{
    /// <summary>Side of images for which the settings need no image size.</summary>
    private const int DefaultSide = 28;

    /// <summary>Reads the newest checkpoint of a run.</summary>
    /// <exception cref="FileException">The run has none.</exception>
    /// <exception cref="TensorFileException">The file cannot be read or is damaged.</exception>
    public static InitialCheckpoint Of(RunDirectory run)
    {
        ArgumentNullException.ThrowIfNull(run);
        Checkpoint checkpoint = run.LoadCheckpoint();
        return new(new ParameterSource(Path.GetFullPath(run.LastCheckpoint), HashOf(run.LastCheckpoint)), checkpoint);
    }

    /// <summary>Reads the checkpoint that a configuration names; null if it names none.</summary>
    /// <exception cref="FileException">The file is not the one that the training started from.</exception>
    /// <exception cref="TensorFileException">The file cannot be read or is damaged.</exception>
    public static InitialCheckpoint? Of(RunConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Init is not { } source)
        {
            return null;
        }

        string found = HashOf(source.Checkpoint);
        return found == source.Sha256
            ? new(source, CheckpointFile.Load(source.Checkpoint))
            : throw new FileException(
                $"{source.Checkpoint} is not the file that the training started from: its SHA-256 is {found}, that of the training's "
                + $"{source.Sha256}.");
    }

    /// <summary>Returns the settings of the checkpoint's training, for another training on its data.</summary>
    public TrainingSettings SameData()
    {
        TrainingSettings own = Checkpoint.Settings;
        return own.With((own.MapOptions ?? new MapOptions()) with { Init = CodebookInit.Random });
    }

    /// <summary>Returns the settings of the checkpoint's training, for one on other data, read in the shape of its images.</summary>
    public TrainingSettings OtherData() => SameData() with
    {
        Limit = null,
        ValidationImages = null,
        Pictures = null,
        SkipBroken = false,
        ImageSize = Checkpoint.Shape.Side == DefaultSide ? null : Checkpoint.Shape.Side,
    };

    /// <summary>Checks that the parameters fit a training.</summary>
    /// <exception cref="SettingException">A size differs; the message has both values.</exception>
    public void Check(TrainingSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        TrainingSettings own = Checkpoint.Settings;
        Check(nameof(own.Model), settings.Model, own.Model);
        Check(nameof(own.Latent), settings.Latent, own.Latent);
        Check(nameof(own.Stages), settings.Stages ?? own.Stages, own.Stages);
        if (ModelTraits.Of(own.Model).HasMap)
        {
            Check("Map", $"{settings.MapHeight}x{settings.MapWidth}", $"{own.MapHeight}x{own.MapWidth}");
            Check(nameof(own.Attention), settings.Attention, own.Attention);
        }
    }

    /// <summary>Checks that the parameters are for the images of a training.</summary>
    /// <exception cref="DataException">They are for images of another shape; the message has both shapes.</exception>
    public void Check(Dataset dataset, DataPaths data)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Train.Shape != Checkpoint.Shape)
        {
            throw new DataException(
                $"{data} has images of {dataset.Train.Shape}; the parameters of {Source.Checkpoint} are for {Checkpoint.Shape}.");
        }

        if (Checkpoint.Settings.Model == ModelKind.Classifier && dataset.ClassNames.Count != Checkpoint.Classes)
        {
            throw new DataException(
                $"{data} has {dataset.ClassNames.Count} classes; the classifier of {Source.Checkpoint} has {Checkpoint.Classes}.");
        }
    }

    private void Check<T>(string setting, T value, T own)
    {
        if (!Equals(value, own))
        {
            static string Text(T of) => $"{of}".ToLowerInvariant();
            throw new SettingException(
                $"{new SettingName(setting)} {Text(value)} does not fit the parameters of {Source.Checkpoint}: there it is {Text(own)}.");
        }
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(SafetensorsFile.ReadBytes(path)));
}
