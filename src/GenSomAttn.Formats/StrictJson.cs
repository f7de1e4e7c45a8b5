using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GenSomAttn.Formats;

/// <summary>Strict JSON options: snake_case keys, enums as lower-case words, no unknown, missing or duplicate keys when read.</summary>
public static class StrictJson
{
    /// <summary>Options for JSON on one line; when read, each key must occur exactly once, and no other.</summary>
    public static readonly JsonSerializerOptions Line = Options(indented: false);

    /// <summary>Options for indented, human-edited JSON; comments and trailing commas are allowed.</summary>
    public static readonly JsonSerializerOptions Indented = Options(indented: true);

    /// <summary>
    /// Returns the fault of a file. The library's messages name internal types, so the message is built from the JSON path.
    /// </summary>
    public static string Explain(Exception exception) => exception switch
    {
        JsonException { InnerException: JsonException } => exception.Message,
        JsonException { Path: "$" } => "it is no JSON object, or keys are missing.",
        JsonException { Path: not null } json => $"{json.Path[2..]} is unknown, incomplete, there twice or has a value that does not fit.",
        _ => PlainMessage.Of(exception),
    };

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new FiniteConverter(), new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        IgnoreReadOnlyProperties = true,
        WriteIndented = indented,
        ReadCommentHandling = indented ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow,
        AllowTrailingCommas = indented,
        NewLine = "\n",
        // The text is never part of a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireEveryKey } },
    };

    private static void RequireEveryKey(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            property.IsRequired = property.Set is not null && property.ShouldSerialize is null;
        }
    }
}
