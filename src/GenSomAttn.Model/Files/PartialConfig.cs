using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenSomAttn.Model.Files;

/// <summary>A file with all or some of the keys of config.json, laid over a configuration.</summary>
public static class PartialConfig
{
    private const int MaxBytes = 65536;

    /// <summary>The configuration with the file's values in place of its own.</summary>
    /// <param name="config">What holds where the file is silent.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="RunException">The file cannot be read, has an unknown key, a key twice, or a value that does not fit.</exception>
    public static RunConfig Apply(RunConfig config, string path)
    {
        ArgumentNullException.ThrowIfNull(config);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
            {
                throw new RunException($"Cannot use {path}: it is longer than {MaxBytes} bytes.");
            }

            var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
            JsonObject given = JsonNode.Parse(File.ReadAllText(path), documentOptions: options) as JsonObject
                ?? throw new RunException($"Cannot use {path}: it holds no JSON object.");
            JsonObject merged = JsonSerializer.SerializeToNode(config, StrictJson.Indented)!.AsObject();
            Overlay(merged, given, path, "");
            return merged.Deserialize<RunConfig>(StrictJson.Indented)!;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair in a key or a text.
            throw new RunException($"Cannot use {path}: {StrictJson.Explain(exception)}", exception);
        }
    }

    private static void Overlay(JsonObject target, JsonObject given, string path, string prefix)
    {
        foreach ((string key, JsonNode? value) in given)
        {
            if (!target.TryGetPropertyValue(key, out JsonNode? former))
            {
                throw new RunException(
                    $"Cannot use {path}: it has an unknown key '{prefix}{key}'. Known: "
                    + $"{string.Join(", ", target.Select(pair => prefix + pair.Key))}.");
            }

            if (former is JsonObject inner && value is JsonObject givenInner)
            {
                Overlay(inner, givenInner, path, $"{prefix}{key}.");
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }
}
