using System.Globalization;
using GenSomAttn.Model.Runs;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Listing;

/// <summary>A column of the list of runs.</summary>
/// <param name="Name">Its name, also in the JSON document and for --sort.</param>
/// <param name="IsNumber">Whether it is right-aligned.</param>
/// <param name="Value">Value of a run, a number or text; null where it has none.</param>
/// <param name="Text">Text of a value.</param>
internal sealed record RunColumn(string Name, bool IsNumber, Func<RunSummary, object?> Value, Func<object, string> Text)
{
    /// <summary>All columns, in the order of the table.</summary>
    public static IReadOnlyList<RunColumn> All { get; } =
    [
        Number("run", "0", run => run.Number),
        Words("model", run => run.Config?.Settings.Model.ToString().ToLowerInvariant()),
        Words("data", run => run.Config?.Data.Names),
        Words("map", run => run.Config is { } config && ModelTraits.Of(config.Settings.Model).HasMap ? MapOf(config.Settings) : null),
        Number("epochs", "0", run => run.Newest?.Epoch),
        Number("of", "0", run => run.Config?.Settings.Epochs),
        Number("mse_e", "0.00000", run => run.Newest?.MseE),
        Number("mse_q", "0.00000", run => run.Newest?.MseQ),
        Number("te4", "0.000", run => run.Newest?.Te4),
        Number("te6", "0.000", run => run.Newest?.Te6),
        Number("purity", "0.000", run => run.Purity),
        Number("fcd_samples", "0.00", run => run.FcdSamples),
        new(
            "date", IsNumber: false, run => run.Date,
            value => ((DateTime)value).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
        new("size", IsNumber: true, run => run.Bytes, value => string.Create(CultureInfo.InvariantCulture, $"{(long)value / 1e6:0.0} MB")),
        Words("note", run => run.Note),
        Words("problem", run => run.Problems.Count == 0 ? null : string.Join(' ', run.Problems)),
    ];

    /// <summary>Sorts runs by the column; those without a value last, equal ones in the order of their numbers.</summary>
    public IReadOnlyList<RunSummary> Sort(IReadOnlyList<RunSummary> runs, bool descending)
    {
        var known = runs.Where(run => Value(run) is not null).OrderBy(Value, Comparer<object?>.Create(Compare));
        return [.. descending ? known.Reverse() : known, .. runs.Where(run => Value(run) is null)];
    }

    private static int Compare(object? left, object? right) => left is string text
        ? string.CompareOrdinal(text, (string)right!)
        : Comparer<object?>.Default.Compare(left, right);

    private static RunColumn Number(string name, string format, Func<RunSummary, double?> value) => new(
        name, IsNumber: true, run => value(run), number => ((double)number).ToString(format, CultureInfo.InvariantCulture));

    private static RunColumn Words(string name, Func<RunSummary, string?> value) => new(name, IsNumber: false, value, text => (string)text);

    private static string MapOf(TrainingSettings settings) =>
        string.Create(CultureInfo.InvariantCulture, $"{settings.MapHeight}x{settings.MapWidth}");
}
