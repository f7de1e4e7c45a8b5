using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GenSomAttn.Backends.Selection;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Runs;

/// <summary>Content of config.json in a run directory: every value that the training was started with, resolved.</summary>
public sealed record RunConfig
{
    /// <summary>Default of <see cref="CheckpointMinutes"/>.</summary>
    public const double DefaultCheckpointMinutes = 10;

    /// <summary>Maximum length of a configuration file.</summary>
    internal const int MaxBytes = 65536;

    private const double MaxCheckpointMinutes = 1e6;

    /// <summary>The settings that determine the result.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>The preset that set the defaults; null, and no key in files, for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Preset? Preset { get; init; }

    /// <summary>Folder or file of the data; a string in the file, or an array of several.</summary>
    public required DataPaths Data { get; init; }

    /// <summary>SHA-256 of the data, see <see cref="Dataset.Sha256"/>; empty until the data are read.</summary>
    public string DataSha256 { get; init; } = "";

    /// <summary>Name of the accelerator.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Number of threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Index of the device.</summary>
    public int Device { get; init; }

    /// <summary>Name of the device, from its driver or the program; empty until it is chosen.</summary>
    public string DeviceName { get; init; } = "";

    /// <summary>Interval of checkpoints within an epoch, in minutes; 0 for a checkpoint after each epoch only.</summary>
    public double CheckpointMinutes { get; init; } = DefaultCheckpointMinutes;

    /// <summary>Where the parameters and the codebook come from; null, and no key in files, for initial values drawn by the seed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ParameterSource? Init { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Commit that the program was built from; null if unknown.</summary>
    public required string? Commit { get; init; }

    /// <summary>The command line, without the program.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Checks every value against its range, those of <see cref="Settings"/> too.</summary>
    /// <exception cref="SettingException">A value is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        Settings.Validate();
        if (Preset is { } preset && !Enum.IsDefined(preset))
        {
            throw new SettingException($"{new SettingName(nameof(Preset))} {preset} is unknown.");
        }

        if (Data.All.Any(path => path.Length == 0))
        {
            throw new SettingException($"{new SettingName(nameof(Data))} is empty: give a folder.");
        }

        if (!BackendFactory.Names.Contains(Accelerator))
        {
            string names = string.Join(", ", BackendFactory.Names);
            throw new SettingException($"{new SettingName(nameof(Accelerator))} '{Accelerator}' is unknown: give one of {names}.");
        }

        Check(nameof(Device), Device, Device is >= 0 and <= BackendFactory.LastDevice, "whole number", BackendFactory.LastDevice);
        Check(nameof(Threads), Threads, Threads is >= 0 and <= BackendFactory.MaxThreads, "whole number", BackendFactory.MaxThreads);
        Check(
            nameof(CheckpointMinutes), CheckpointMinutes, CheckpointMinutes is >= 0 and <= MaxCheckpointMinutes, "number",
            MaxCheckpointMinutes);

        static void Check(string setting, double value, bool inRange, string number, double most)
        {
            if (!inRange)
            {
                throw new SettingException($"{new SettingName(setting)} {value} is out of range: give a {number} from 0 to {most}.");
            }
        }
    }

    /// <summary>Reads a configuration strictly: each key once, and no other; a byte order mark and comments are ignored.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileException">The file cannot be read, is not a configuration or has a value out of its range.</exception>
    public static RunConfig Load(string path)
    {
        try
        {
            return Parse(WholeFile.Read(path, MaxBytes), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new FileException($"Cannot use {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Parses the content of a configuration file, as strictly as <see cref="Load"/>.</summary>
    /// <param name="bytes">The whole content.</param>
    /// <param name="source">Name in error messages: a path.</param>
    /// <exception cref="FileException">The content is not a configuration or has a value out of its range.</exception>
    public static RunConfig Parse(ReadOnlySpan<byte> bytes, string source)
    {
        JsonObject? keys = null;
        try
        {
            bytes = WholeFile.WithoutMark(bytes);
            WholeFile.CheckUtf8(bytes);
            keys = PartialConfig.ReadObject(bytes);
            if (keys["settings"] is JsonObject settings)
            {
                // Runs from before there were color images, deeper networks and other lattices than rectangles.
                settings.TryAdd("map_options", null);
                settings.TryAdd("channels", ImageShape.Gray);
                settings.TryAdd("stages", TrainingSettings.MinStages);
                settings.TryAdd("pictures", null);
                (settings["pictures"] as JsonObject)?.TryAdd("flip", false);
            }

            RunConfig config = keys.Deserialize<RunConfig>(StrictJson.Indented)!;
            config.Validate();
            return config;
        }
        catch (Exception exception)
            when (exception is InvalidDataException or JsonException or ArgumentException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair in a key or a string.
            throw new FileException($"Cannot use {source}: {StrictJson.Explain(exception)}{WriterOf(keys)}", exception);
        }
    }

    /// <summary>Returns a sentence about the version that wrote a configuration if it is another one than this; else nothing.</summary>
    private static string WriterOf(JsonObject? keys)
    {
        string own = typeof(RunConfig).Assembly.GetName().Version!.ToString(3);
        return keys?["version"] is JsonValue value && value.TryGetValue(out string? version) && version != own
            ? $" Version {version} of this program wrote it, and this is {own}."
            : "";
    }

    /// <summary>Serializes the configuration for <see cref="Load"/>.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this, StrictJson.Indented) + "\n");
}
