using System.Text;
using System.Text.Json;
using GenSomAttn.Formats;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Model.Runs;

/// <summary>Log of the scores of each epoch, as JSON lines and as CSV with the same columns in the same order.</summary>
/// <remarks>
/// Both files are rewritten with each row, so that a crash leaves whole rows. Rows that could not be written are kept in memory and
/// written with the next one.
/// </remarks>
public sealed class MetricsLog
{
    /// <summary>Maximum length of a file that is read.</summary>
    internal const int MaxBytes = 1 << 28;

    private readonly AtomicFiles _files;
    private List<EpochMetrics>? _rows;

    /// <summary>Creates a log; its files need not exist yet.</summary>
    /// <param name="files">Writer of the files.</param>
    /// <param name="jsonPath">The file of JSON lines, such as metrics.jsonl.</param>
    /// <param name="csvPath">The table, such as metrics.csv; its first line names the columns, a missing value is an empty cell.</param>
    public MetricsLog(AtomicFiles files, string jsonPath, string csvPath)
    {
        _files = files;
        JsonPath = jsonPath;
        CsvPath = csvPath;
    }

    /// <summary>The file of JSON lines.</summary>
    public string JsonPath { get; }

    /// <summary>The table.</summary>
    public string CsvPath { get; }

    /// <summary>The newest row, written or pending; null if there is none.</summary>
    /// <exception cref="FileException">The file of JSON lines cannot be read.</exception>
    public EpochMetrics? Newest => Rows is [.., var last] ? last : null;

    private List<EpochMetrics> Rows => _rows ??= [.. Read()];

    /// <summary>Adds a row and writes both files.</summary>
    /// <param name="metrics">The row; its numbers survive a round trip exactly.</param>
    /// <exception cref="FileException">A file cannot be read or written; the row is kept.</exception>
    public void Append(EpochMetrics metrics)
    {
        Rows.Add(metrics);
        Save();
    }

    /// <summary>Writes both files, including pending rows.</summary>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public void Save()
    {
        _files.Write(JsonPath, Encoding.UTF8.GetBytes(ToLines(Rows)));
        _files.Write(CsvPath, Encoding.UTF8.GetBytes(ToCsv(Rows)));
    }

    /// <summary>Removes the rows after an epoch, and rewrites both files.</summary>
    /// <param name="epoch">The last epoch that is kept.</param>
    /// <exception cref="FileException">A file cannot be read or written.</exception>
    public void KeepUntil(int epoch)
    {
        _rows = [.. Read().Where(row => row.Epoch <= epoch)];
        Save();
    }

    /// <summary>Reads all rows.</summary>
    /// <returns>The rows in the order of the file; none if it does not exist.</returns>
    /// <exception cref="FileException">The file of JSON lines cannot be read or a line is not a row.</exception>
    public IReadOnlyList<EpochMetrics> Read()
    {
        if (!File.Exists(JsonPath))
        {
            return [];
        }

        try
        {
            return Parse(WholeFile.Read(JsonPath, MaxBytes), JsonPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new FileException($"Cannot use {JsonPath}: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the rows of a file's content.</summary>
    /// <param name="bytes">The whole content.</param>
    /// <param name="source">Name in error messages: a path.</param>
    /// <exception cref="FileException">A line is not a row.</exception>
    public static IReadOnlyList<EpochMetrics> Parse(ReadOnlySpan<byte> bytes, string source)
    {
        List<EpochMetrics> rows = [];
        try
        {
            WholeFile.CheckUtf8(bytes);
            for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty;)
            {
                int end = rest.IndexOf((byte)'\n');
                ReadOnlySpan<byte> line = end < 0 ? rest : rest[..end];
                rows.Add(JsonSerializer.Deserialize<EpochMetrics>(line, StrictJson.Line) ?? throw new InvalidDataException("it is empty."));
                rest = end < 0 ? [] : rest[(end + 1)..];
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException)
        {
            throw new FileException($"Cannot use {source}, line {rows.Count + 1}: {StrictJson.Explain(exception)}", exception);
        }

        return rows;
    }

    /// <summary>Formats rows as JSON lines.</summary>
    internal static string ToLines(IReadOnlyList<EpochMetrics> rows) =>
        string.Concat(rows.Select(row => JsonSerializer.Serialize(row, StrictJson.Line) + "\n"));

    /// <summary>Formats rows as CSV.</summary>
    internal static string ToCsv(IReadOnlyList<EpochMetrics> rows)
    {
        StringBuilder text = new();
        foreach (EpochMetrics row in rows)
        {
            List<JsonProperty> cells = [.. JsonSerializer.SerializeToElement(row, StrictJson.Line).EnumerateObject()];
            if (text.Length == 0)
            {
                text.AppendJoin(',', cells.Select(cell => cell.Name)).Append('\n');
            }

            text.AppendJoin(',', cells.Select(cell => cell.Value.ValueKind == JsonValueKind.Null ? "" : cell.Value.GetRawText()))
                .Append('\n');
        }

        return text.ToString();
    }
}
