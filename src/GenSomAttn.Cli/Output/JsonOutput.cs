using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GenSomAttn.Cli.Output;

/// <summary>Results as one JSON document on stdout, keys in snake_case.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { PutInheritedFirst } },
    };

    /// <summary>Writes the document.</summary>
    public static void Write<T>(T result) => Console.Out.WriteLine(ToText(result));

    /// <summary>Returns the text that <see cref="Write"/> writes.</summary>
    public static string ToText<T>(T result) => JsonSerializer.Serialize(result, Options);

    /// <summary>Merges the properties of several results into one document, in order.</summary>
    public static JsonObject Merge(params IEnumerable<object> results)
    {
        var merged = new JsonObject();
        foreach (JsonProperty property in results.SelectMany(result => ToElement(result).EnumerateObject()))
        {
            merged.Add(property.Name, JsonNode.Parse(property.Value.GetRawText()));
        }

        return merged;
    }

    /// <summary>Deserializes the JSON output of another process of this program.</summary>
    public static T Read<T>(JsonElement element) => element.Deserialize<T>(Options)!;

    /// <summary>Converts a result to a JSON element.</summary>
    public static JsonElement ToElement<T>(T result) => JsonSerializer.SerializeToElement(result, Options);

    /// <summary>Orders inherited properties before those of the derived class; within a class in source order.</summary>
    private static void PutInheritedFirst(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            property.Order = Depth(property.DeclaringType);
        }
    }

    private static int Depth(Type type) => type.BaseType is { } parent ? 1 + Depth(parent) : 0;
}
