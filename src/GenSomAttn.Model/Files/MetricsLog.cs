using System.Text;
using System.Text.Json;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Files;

/// <summary>The scores of each epoch, as a line of JSON and as a line of CSV with the same columns in the same order.</summary>
public sealed class MetricsLog
{
    private readonly string _jsonPath;
    private readonly string _csvPath;

    /// <summary>Makes a log; its files need not exist yet.</summary>
    /// <param name="jsonPath">The file of JSON lines, such as metrics.jsonl.</param>
    /// <param name="csvPath">The table, such as metrics.csv; its first line names the columns, a missing value is an empty cell.</param>
    public MetricsLog(string jsonPath, string csvPath)
    {
        _jsonPath = jsonPath;
        _csvPath = csvPath;
    }

    /// <summary>Appends a row to both files.</summary>
    /// <param name="metrics">The row; its numbers come back exactly when read.</param>
    /// <exception cref="RunException">A file cannot be written.</exception>
    public void Append(EpochMetrics metrics)
    {
        JsonElement row = JsonSerializer.SerializeToElement(metrics, StrictJson.Line);
        List<JsonProperty> cells = [.. row.EnumerateObject()];
        string names = string.Join(',', cells.Select(cell => cell.Name));
        string values = string.Join(',', cells.Select(cell => cell.Value.ValueKind == JsonValueKind.Null ? "" : cell.Value.GetRawText()));
        AppendLine(_jsonPath, row.GetRawText());
        AppendLine(_csvPath, File.Exists(_csvPath) ? values : $"{names}\n{values}");
    }

    /// <summary>Reads all rows.</summary>
    /// <returns>The rows in the order of the file; none if it does not exist.</returns>
    /// <exception cref="RunException">The file of JSON lines cannot be read or a line is not a row.</exception>
    public IReadOnlyList<EpochMetrics> Read()
    {
        if (!File.Exists(_jsonPath))
        {
            return [];
        }

        List<EpochMetrics> rows = [];
        try
        {
            foreach (string line in File.ReadLines(_jsonPath))
            {
                rows.Add(JsonSerializer.Deserialize<EpochMetrics>(line, StrictJson.Line) ?? throw new JsonException("it is empty."));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new RunException($"Cannot use {_jsonPath}, line {rows.Count + 1}: {StrictJson.Explain(exception)}", exception);
        }

        return rows;
    }

    private static void AppendLine(string path, string line)
    {
        try
        {
            File.AppendAllText(path, line + "\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RunException($"Cannot write {path}: {exception.Message}", exception);
        }
    }
}
