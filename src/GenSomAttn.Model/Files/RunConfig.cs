using System.Text;
using System.Text.Json;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Files;

/// <summary>What config.json of a run directory holds: every value that the training was started with, resolved.</summary>
public sealed record RunConfig
{
    /// <summary>The model: somattn.</summary>
    public required string Model { get; init; }

    /// <summary>The settings that decide the result.</summary>
    public required TrainingSettings Settings { get; init; }

    /// <summary>The data folder.</summary>
    public required string Data { get; init; }

    /// <summary>Name of the accelerator that computed.</summary>
    public required string Accelerator { get; init; }

    /// <summary>Threads that computed.</summary>
    public required int Threads { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Commit that the program was built from; null if unknown.</summary>
    public required string? Commit { get; init; }

    /// <summary>The command line, without the program.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Reads a configuration strictly: each key once, and no other.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RunException">The file cannot be read or is not such a configuration.</exception>
    public static RunConfig Load(string path)
    {
        const int MaxBytes = 65536;
        try
        {
            return new FileInfo(path).Length <= MaxBytes
                ? JsonSerializer.Deserialize<RunConfig>(File.ReadAllText(path), StrictJson.Indented)
                    ?? throw new RunException($"Cannot use {path}: it holds no configuration.")
                : throw new RunException($"Cannot use {path}: it is longer than {MaxBytes} bytes.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunException($"Cannot use {path}: {StrictJson.Explain(exception)}", exception);
        }
    }

    /// <summary>Writes the configuration.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="RunException">The file cannot be written.</exception>
    public void Save(string path)
    {
        string json = JsonSerializer.Serialize(this, StrictJson.Indented);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(json + "\n"));
    }
}
