using System.Text;
using System.Text.Json;
using GenSomAttn.Backends;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Files;

/// <summary>What config.json of a run directory holds: every value that the training was started with, resolved.</summary>
public sealed record RunConfig
{
    private const string ModelName = "somattn";

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

    /// <summary>Number of the device that computed.</summary>
    public int Device { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Commit that the program was built from; null if unknown.</summary>
    public required string? Commit { get; init; }

    /// <summary>The command line, without the program.</summary>
    public required string CommandLine { get; init; }

    /// <summary>Checks every value against its range, those of <see cref="Settings"/> too.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it, its option if it has one, and the range.
    /// </exception>
    public void Validate()
    {
        Settings.Validate();
        if (Model != ModelName)
        {
            throw new ArgumentException($"The model '{Model}' is unknown: there is {ModelName} alone.");
        }

        if (Data.Length == 0)
        {
            throw new ArgumentException("--data is empty: give a folder.");
        }

        if (!BackendFactory.Names.Contains(Accelerator))
        {
            throw new ArgumentException(
                $"--accelerator '{Accelerator}' is unknown: give one of {string.Join(", ", BackendFactory.Names)}.");
        }

        if (Device is < 0 or > BackendFactory.LastDevice)
        {
            throw new ArgumentException($"--device {Device} is out of range: give a whole number from 0 to {BackendFactory.LastDevice}.");
        }

        if (Threads is < 0 or > BackendFactory.MostThreads)
        {
            throw new ArgumentException(
                $"--threads {Threads} is out of range: give a whole number from 0 to {BackendFactory.MostThreads}.");
        }
    }

    /// <summary>Reads a configuration strictly: each key once, and no other.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="RunException">The file cannot be read, is not such a configuration or has a value out of its range.</exception>
    public static RunConfig Load(string path)
    {
        const int MaxBytes = 65536;
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new RunException($"Cannot use {path}: it is longer than {MaxBytes} bytes.");
            }

            RunConfig config = JsonSerializer.Deserialize<RunConfig>(File.ReadAllText(path), StrictJson.Indented)
                ?? throw new RunException($"Cannot use {path}: it holds no configuration.");
            config.Validate();
            return config;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
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
