using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

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
    };

    /// <summary>Writes the document.</summary>
    public static void Write<T>(T result) => Console.Out.WriteLine(JsonSerializer.Serialize(result, Options));

    /// <summary>What another process of this program wrote.</summary>
    public static T Read<T>(JsonElement element) => element.Deserialize<T>(Options)!;

    /// <summary>The document, to look into.</summary>
    public static JsonElement ToElement<T>(T result) => JsonSerializer.SerializeToElement(result, Options);
}
