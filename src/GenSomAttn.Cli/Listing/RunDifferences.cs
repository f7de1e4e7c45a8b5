using System.Text.Json;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Listing;

/// <summary>What differs in the configurations of runs.</summary>
internal static class RunDifferences
{
    private const string Absent = "-";

    /// <summary>Lists the keys whose values are not the same in all runs, with the value of each run; "-" where there is none.</summary>
    public static IReadOnlyList<(string Key, IReadOnlyList<string> Values)> Of(IReadOnlyList<RunConfig> configs)
    {
        Dictionary<string, string>[] flat = [.. configs.Select(Flat)];
        return
        [
            .. from key in flat.SelectMany(keys => keys.Keys).Distinct()
               let values = flat.Select(keys => keys.GetValueOrDefault(key, Absent)).ToArray()
               where values.Distinct().Count() > 1
               select (key, (IReadOnlyList<string>)values),
        ];
    }

    private static Dictionary<string, string> Flat(RunConfig config)
    {
        var keys = new Dictionary<string, string>();
        Add(keys, "", JsonOutput.ToElement(config));
        return keys;
    }

    /// <summary>Adds the values of an object under their keys, and those of nested objects with the outer key before a dot.</summary>
    private static void Add(Dictionary<string, string> keys, string prefix, JsonElement value)
    {
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                Add(keys, property.Name == "settings" ? prefix : $"{prefix}{property.Name}.", property.Value);
            }
            else if (property.Value.ValueKind != JsonValueKind.Null)
            {
                keys.Add($"{prefix}{property.Name}", property.Value.ToString());
            }
        }
    }
}
