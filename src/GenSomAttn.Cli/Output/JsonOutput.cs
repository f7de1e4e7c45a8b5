using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GenSomAttn.Cli.Output;

/// <summary>Results for programs: one JSON document on stdout, keys in snake_case.</summary>
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

    /// <summary>The text that <see cref="Write"/> writes.</summary>
    public static string ToText<T>(T result) => JsonSerializer.Serialize(result, Options);

    /// <summary>One document with the properties of several results, one after another.</summary>
    public static JsonObject Merge(params IEnumerable<object> results)
    {
        var merged = new JsonObject();
        foreach (JsonProperty property in results.SelectMany(result => ToElement(result).EnumerateObject()))
        {
            merged.Add(property.Name, JsonNode.Parse(property.Value.GetRawText()));
        }

        return merged;
    }

    /// <summary>What another process of this program wrote.</summary>
    public static T Read<T>(JsonElement element) => element.Deserialize<T>(Options)!;

    /// <summary>The document, to look into.</summary>
    public static JsonElement ToElement<T>(T result) => JsonSerializer.SerializeToElement(result, Options);

    /// <summary>What a result inherits comes before what it adds; within a class the order is that of the source.</summary>
    private static void PutInheritedFirst(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            property.Order = Depth(property.DeclaringType);
        }
    }

    private static int Depth(Type type) => type.BaseType is { } parent ? 1 + Depth(parent) : 0;
}
