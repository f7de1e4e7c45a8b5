using System.Globalization;
using System.Text.Json;

namespace GenSomAttn.Cli.Output;

/// <summary>Text table of results: a line for each number, named by its key in the JSON document.</summary>
internal static class ScoreTable
{
    /// <summary>Text for a score without a value, such as the topographic error of a map of one unit.</summary>
    public const string Undefined = "undefined";

    /// <summary>
    /// Prints every score, undefined ones included but for errors of other lattices than the map's, and whether lower or higher is better.
    /// </summary>
    public static void PrintScores<T>(T scores)
    {
        var table = new TextTable(1, [.. TextTable.Texts("score", "", "")]);
        JsonProperty[] properties = [.. Flat(scores)];
        bool hexagons = properties.Any(property => property is { Name: "te6", Value.ValueKind: JsonValueKind.Number });
        foreach (JsonProperty property in properties.Where(property => !hexagons || property.Name is not ("te4" or "te8")))
        {
            string value = property.Value.ValueKind == JsonValueKind.Null ? Undefined : Format(property.Value);
            table.Add(property.Name, value, ScoreDirections.Of(property.Name));
        }

        table.Print();
    }

    /// <summary>Prints every number and text of a result; null and nested values appear in the JSON document only.</summary>
    /// <param name="heading">Heading of the names.</param>
    /// <param name="result">The result to print.</param>
    public static void Print<T>(string heading, T result)
    {
        var table = new TextTable(1, [.. TextTable.Texts(heading, "")]);
        foreach (JsonProperty property in Flat(result).Where(property => property.Value.ValueKind != JsonValueKind.Null))
        {
            table.Add(property.Name, Format(property.Value));
        }

        table.Print();
    }

    private static IEnumerable<JsonProperty> Flat<T>(T result) => JsonOutput.ToElement(result).EnumerateObject()
        .Where(property => property.Value.ValueKind is JsonValueKind.Number or JsonValueKind.String or JsonValueKind.Null);

    private static string Format(JsonElement value)
    {
        bool isFraction = value.ValueKind == JsonValueKind.Number && !value.TryGetInt64(out _);
        return isFraction ? value.GetDouble().ToString("G5", CultureInfo.InvariantCulture) : value.ToString();
    }
}
