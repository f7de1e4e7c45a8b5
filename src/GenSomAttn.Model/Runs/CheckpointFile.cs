using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Runs;

/// <summary>Reader and writer of checkpoints as safetensors files, which other programs can open too.</summary>
/// <remarks>
/// The metadata hold everything except the tensors, and the hash of <see cref="HashedTensors"/>. The bytes depend on the checkpoint
/// alone, not on time, path or machine.
/// Channels and stages are keys of their own, only where they are not 1 and 2: files from before they could differ have neither.
/// </remarks>
public static class CheckpointFile
{
    private const string FormatVersion = "2";
    private const string ChannelsKey = "channels";
    private const string MapOptionsKey = "map_options";
    private const string PicturesKey = "pictures";
    private const string StagesKey = "stages";

    /// <summary>Reads and checks a checkpoint.</summary>
    /// <param name="path">The file.</param>
    /// <param name="allowNonFinite">Whether tensors may hold infinity or NaN, to inspect a diverged training.</param>
    /// <exception cref="TensorFileException">The file cannot be read, is damaged or is not a checkpoint.</exception>
    public static Checkpoint Load(string path, bool allowNonFinite = false) =>
        Parse(SafetensorsFile.ReadBytes(path), path, allowNonFinite);

    /// <summary>Serializes a checkpoint.</summary>
    /// <exception cref="FileException">A value is not finite.</exception>
    public static byte[] ToBytes(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (FindNotFinite(checkpoint) is NamedTensor bad)
        {
            throw new FileException($"Checkpoint of step {checkpoint.Step} is not written: {bad.Name} holds values that are not finite.");
        }

        Dictionary<string, string> metadata = new()
        {
            ["format_version"] = FormatVersion,
            ["settings"] = WriteSettings(checkpoint.Settings),
            ["side"] = checkpoint.Shape.Side.ToString(CultureInfo.InvariantCulture),
            ["classes"] = checkpoint.Classes.ToString(CultureInfo.InvariantCulture),
            ["step"] = checkpoint.Step.ToString(CultureInfo.InvariantCulture),
            ["epoch"] = checkpoint.Epoch.ToString(CultureInfo.InvariantCulture),
            ["loss_sum"] = checkpoint.LossSum.ToString("R", CultureInfo.InvariantCulture),
            ["dataset_sha256"] = checkpoint.DatasetSha256,
        };
        if (checkpoint.Shape.Channels != ImageShape.Gray)
        {
            metadata[ChannelsKey] = checkpoint.Shape.Channels.ToString(CultureInfo.InvariantCulture);
        }

        if (checkpoint.Settings.Stages is { } stages and not TrainingSettings.MinStages)
        {
            metadata[StagesKey] = stages.ToString(CultureInfo.InvariantCulture);
        }

        return HashedTensors.ToBytes(
            metadata, checkpoint.Tensors.Select(tensor => SafetensorsTensor.Of(tensor.Name, tensor.Shape, tensor.Values)));
    }

    /// <summary>Reads and checks the bytes of a checkpoint file.</summary>
    /// <param name="bytes">The whole content.</param>
    /// <param name="source">Name in error messages: a path.</param>
    /// <param name="allowNonFinite">Whether tensors may hold infinity or NaN.</param>
    /// <exception cref="TensorFileException">The bytes are damaged or not a checkpoint.</exception>
    public static Checkpoint Parse(ReadOnlySpan<byte> bytes, string source, bool allowNonFinite = false)
    {
        SafetensorsFile file = SafetensorsFile.Parse(bytes, source);
        try
        {
            HashedTensors.CheckHash(bytes, file);
            Checkpoint checkpoint = Interpret(file);
            return !allowNonFinite && FindNotFinite(checkpoint) is NamedTensor bad
                ? throw new TensorFileException($"{bad.Name} holds values that are not finite.", new NotFiniteNumberException())
                : checkpoint;
        }
        catch (TensorFileException exception)
        {
            throw new TensorFileException($"{source} is not a checkpoint of this program: {exception.Message}", exception);
        }
    }

    private static Checkpoint Interpret(SafetensorsFile file)
    {
        string version = HashedTensors.Metadata(file, "format_version");
        if (version != FormatVersion)
        {
            throw new TensorFileException($"it has format {version}, expected {FormatVersion}.");
        }

        int channels = ReadOther(file, ChannelsKey, ImageShape.Gray);
        int stages = ReadOther(file, StagesKey, TrainingSettings.MinStages);
        return new Checkpoint
        {
            Settings = ReadSettings(HashedTensors.Metadata(file, "settings"), channels, stages),
            Shape = new ImageShape((int)ReadNumber(file, "side", Dataset.MaxSide), channels),
            Classes = (int)ReadNumber(file, "classes", Dataset.MaxClasses),
            Step = ReadNumber(file, "step", long.MaxValue),
            Epoch = (int)ReadNumber(file, "epoch", int.MaxValue),
            LossSum = ReadReal(file, "loss_sum"),
            DatasetSha256 = HashedTensors.Metadata(file, "dataset_sha256"),
            Tensors = [.. file.Tensors.Values.Select(tensor => new NamedTensor(tensor.Name, tensor.Shape, tensor.Floats))],
        };
    }

    private static string WriteSettings(TrainingSettings settings)
    {
        JsonObject keys = JsonSerializer.SerializeToNode(settings, StrictJson.Line)!.AsObject();
        keys.Remove(ChannelsKey);
        keys.Remove(StagesKey);
        if (settings.Pictures is null)
        {
            keys.Remove(PicturesKey);
        }

        return keys.ToJsonString(StrictJson.Line);
    }

    private static TrainingSettings ReadSettings(string json, int channels, int stages)
    {
        try
        {
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
            JsonObject keys = JsonNode.Parse(json, documentOptions: options) as JsonObject
                ?? throw new TensorFileException("its settings are empty.");
            keys.Add(ChannelsKey, channels);
            keys.Add(StagesKey, stages);
            keys.TryAdd(PicturesKey, null);
            keys.TryAdd(MapOptionsKey, null);
            (keys[PicturesKey] as JsonObject)?.TryAdd("flip", false);
            TrainingSettings settings = keys.Deserialize<TrainingSettings>(StrictJson.Line)!;
            settings.Validate();
            return settings;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair in a key or a string.
            throw new TensorFileException($"its settings cannot be used: {StrictJson.Explain(exception)}", exception);
        }
    }

    /// <summary>Reads a number that has a key only if it is not the usual one; the settings' range is checked with them.</summary>
    private static int ReadOther(SafetensorsFile file, string key, int usual)
    {
        if (!file.Metadata.ContainsKey(key))
        {
            return usual;
        }

        int number = (int)ReadNumber(file, key, byte.MaxValue);
        return number != usual ? number : throw new TensorFileException($"its {key} is {usual}, which has no key.");
    }

    private static long ReadNumber(SafetensorsFile file, string key, long max)
    {
        string text = HashedTensors.Metadata(file, key);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && (number <= max)
            ? number
            : throw new TensorFileException($"its {key} is \"{text}\", expected a whole number up to {max}.");
    }

    private static double ReadReal(SafetensorsFile file, string key)
    {
        string text = HashedTensors.Metadata(file, key);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new TensorFileException($"its {key} is \"{text}\", expected a finite number.");
    }

    private static NamedTensor? FindNotFinite(Checkpoint checkpoint) => checkpoint.Tensors.FirstOrDefault(tensor => !tensor.IsFinite);
}
