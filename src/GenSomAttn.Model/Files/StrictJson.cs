using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace GenSomAttn.Model.Files;

/// <summary>How records become JSON here: snake_case keys, enums as lower-case words, and nothing but the expected when read.</summary>
internal static class StrictJson
{
    /// <summary>On one line; when read, each key must be there once, and no other.</summary>
    public static readonly JsonSerializerOptions Line = Options(indented: false);

    /// <summary>The same on several lines, for people, who may write comments in them and a comma behind the last value.</summary>
    public static readonly JsonSerializerOptions Indented = Options(indented: true);

    /// <summary>What is wrong with the file. The library's messages about a key name types of this program; its path says more.</summary>
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
        // The text goes into files and never into a web page.
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
