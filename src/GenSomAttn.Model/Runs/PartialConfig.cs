using System.Text.Json;
using System.Text.Json.Nodes;
using GenSomAttn.Formats;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Runs;

/// <summary>Partial configuration: a file with all or some keys of config.json, which override a configuration.</summary>
public static class PartialConfig
{
    /// <summary>Returns the configuration with the values of a file, and the keys of the settings among them.</summary>
    /// <param name="config">Values of keys that the file does not have.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="FileException">The file cannot be read, has an unknown key, a key twice, or a value that does not fit.</exception>
    public static (RunConfig Config, IReadOnlySet<string> Settings) Apply(RunConfig config, string path)
    {
        try
        {
            byte[] bytes = WholeFile.Read(path, RunConfig.MaxBytes);
            RunConfig applied = Apply(config, bytes, path);
            JsonObject settings = ReadObject(WholeFile.WithoutMark(bytes))["settings"] as JsonObject ?? [];
            return (applied, settings.Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new FileException($"Cannot use {path}: {exception.Message}", exception);
        }
    }

    /// <summary>Returns the configuration with the values of a file's content.</summary>
    /// <param name="config">Values of keys that the content does not have.</param>
    /// <param name="bytes">The whole content.</param>
    /// <param name="source">Name in error messages: a path.</param>
    /// <exception cref="FileException">The content has an unknown key, a key twice, or a value that does not fit.</exception>
    public static RunConfig Apply(RunConfig config, ReadOnlySpan<byte> bytes, string source)
    {
        ArgumentNullException.ThrowIfNull(config);
        try
        {
            bytes = WholeFile.WithoutMark(bytes);
            WholeFile.CheckUtf8(bytes);
            JsonObject given = ReadObject(bytes);
            JsonObject merged = JsonSerializer.SerializeToNode(config, StrictJson.Indented)!.AsObject();

            // Keys that files have only where they are not the defaults.
            merged.TryAdd("init", null);
            merged.TryAdd("preset", null);
            JsonObject settings = merged["settings"]!.AsObject();
            settings.TryAdd("validate", null);
            settings.TryAdd("eval_every", null);
            settings.TryAdd("shards", null);
            settings.TryAdd("map_options", UnnamedMapOptions());
            if (given.ContainsKey("version") && given["settings"] is JsonObject ofRun)
            {
                // The whole file of a run, where no key is no default.
                ofRun.TryAdd("map_options", UnnamedMapOptions());
            }

            Overlay(merged, given, "");
            RunConfig applied = merged.Deserialize<RunConfig>(StrictJson.Indented)!;
            return applied with { Settings = applied.Settings.With(applied.Settings.MapOptions ?? new MapOptions()) };
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair in a key or a string.
            throw new FileException($"Cannot use {source}: {StrictJson.Explain(exception)}", exception);
        }
    }

    /// <summary>Reads a JSON object with each key once; comments and trailing commas are allowed.</summary>
    /// <exception cref="InvalidDataException">It is no object.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    internal static JsonObject ReadObject(ReadOnlySpan<byte> bytes)
    {
        var options = new JsonDocumentOptions
        {
            AllowDuplicateProperties = false,
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
        };
        return JsonNode.Parse(bytes, documentOptions: options) as JsonObject
            ?? throw new InvalidDataException("it holds no JSON object.");
    }

    /// <summary>Returns the form of the map of runs whose files do not name it.</summary>
    private static JsonNode? UnnamedMapOptions() => JsonSerializer.SerializeToNode(new MapOptions(), StrictJson.Indented);

    private static void Overlay(JsonObject target, JsonObject given, string prefix)
    {
        foreach ((string key, JsonNode? value) in given)
        {
            if (!target.TryGetPropertyValue(key, out JsonNode? former))
            {
                throw new InvalidDataException(
                    $"it has an unknown key '{prefix}{key}'. Known: "
                    + $"{string.Join(", ", target.Select(pair => prefix + pair.Key))}.");
            }

            if (former is JsonObject inner && value is JsonObject givenInner)
            {
                Overlay(inner, givenInner, $"{prefix}{key}.");
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }
}
