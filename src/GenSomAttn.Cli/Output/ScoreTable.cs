using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace GenSomAttn.Cli.Output;

/// <summary>Results for people: a line for each number, under the name that it has in the JSON document.</summary>
internal static class ScoreTable
{
    /// <summary>Stands for a score that there is none of, such as the topographic error of a map of one unit.</summary>
    public const string Undefined = "undefined";

    /// <summary>Prints every score, also what is undefined.</summary>
    public static void PrintScores<T>(T scores) => Print("score", scores, Undefined);

    /// <summary>Prints every property of a result that is a number or a text; what is nested is left to the JSON document.</summary>
    /// <param name="heading">Stands above the names.</param>
    /// <param name="result">What to print.</param>
    /// <param name="missing">Stands for what is null; without it that is left out.</param>
    public static void Print<T>(string heading, T result, string? missing = null)
    {
        Table table = Consoles.PlainTable(heading, "");
        foreach (JsonProperty property in JsonOutput.ToElement(result).EnumerateObject())
        {
            if (property.Value.ValueKind is JsonValueKind.Number or JsonValueKind.String)
            {
                table.AddRow(new Text(property.Name), new Text(Format(property.Value)));
            }
            else if (property.Value.ValueKind == JsonValueKind.Null && missing is not null)
            {
                table.AddRow(new Text(property.Name), new Text(missing));
            }
        }

        Consoles.Output().Write(table);
    }

    private static string Format(JsonElement value)
    {
        bool isFraction = value.ValueKind == JsonValueKind.Number && !value.TryGetInt64(out _);
        return isFraction ? value.GetDouble().ToString("G5", CultureInfo.InvariantCulture) : value.ToString();
    }
}
