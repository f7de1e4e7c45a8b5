using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Comparing;

/// <summary>The scores of a comparison: a row for each model and sampler, mean ± population standard deviation over the seeds.</summary>
internal sealed class ComparisonTable
{
    private static readonly (string Name, string Format, Func<ComparedRun, SamplerScores?, double?> Value)[] Columns =
    [
        ("parameters", "0", (run, _) => run.Parameters),
        ("seconds", "0", (run, _) => run.Seconds),
        ("mse_e", "0.00000", (run, _) => run.Scores.MseE),
        ("mse_q", "0.00000", (run, _) => run.Scores.MseQ),
        ("mse_z", "0.00000", (run, _) => run.Scores.MseZ),
        ("fcd_reconstructions", "0.00", (run, _) => run.Scores.FcdReconstructions),
        ("sigma", "0.0", (_, samples) => samples?.Sigma),
        ("fcd_samples", "0.00", (_, samples) => samples?.Scores.FcdSamples),
        ("kid_samples", "0.000", (_, samples) => samples?.Scores.KidSamples),
        ("is_samples", "0.00", (_, samples) => samples?.Scores.IsSamples),
        ("precision", "0.000", (_, samples) => samples?.Scores.Precision),
        ("recall", "0.000", (_, samples) => samples?.Scores.Recall),
        ("density", "0.000", (_, samples) => samples?.Scores.Density),
        ("coverage", "0.000", (_, samples) => samples?.Scores.Coverage),
        ("copy_share", "0.000", (_, samples) => samples?.Scores.CopyShare),
        ("quantization_error", "0.000", (run, _) => run.Scores.QuantizationError),
        ("quantization_ratio", "0.000", (run, _) => run.Scores.QuantizationRatio),
        ("units_off_data", "0.000", (run, _) => run.Scores.UnitsOffData),
        ("te4", "0.000", (run, _) => run.Scores.Te4),
        ("te8", "0.000", (run, _) => run.Scores.Te8),
        ("te6", "0.000", (run, _) => run.Scores.Te6),
        ("topographic_product", "0.0000", (run, _) => run.Scores.TopographicProduct),
        ("trustworthiness", "0.000", (run, _) => run.Scores.Trustworthiness),
        ("purity", "0.000", (run, _) => run.Scores.Purity),
        ("nmi", "0.000", (run, _) => run.Scores.Nmi),
        ("nmi_geometric", "0.000", (run, _) => run.Scores.NmiGeometric),
        ("purity_all", "0.000", (run, _) => run.Scores.PurityAll),
        ("nmi_all", "0.000", (run, _) => run.Scores.NmiAll),
        ("nmi_geometric_all", "0.000", (run, _) => run.Scores.NmiGeometricAll),
        ("purity_training", "0.000", (run, _) => run.Scores.PurityTraining),
        ("nmi_training", "0.000", (run, _) => run.Scores.NmiTraining),
        ("nmi_geometric_training", "0.000", (run, _) => run.Scores.NmiGeometricTraining),
        ("attention_entropy", "0.000", (run, _) => run.Scores.AttentionEntropy),
    ];

    /// <summary>Columns that are no scores of a training.</summary>
    private static readonly string[] NotPaired = ["parameters", "seconds", "sigma"];

    private readonly string _first;
    private readonly IReadOnlyList<ComparisonRow> _rows;
    private readonly bool _withPublished;
    private readonly IReadOnlyList<string> _ofData;

    /// <summary>Groups the runs by model.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="dataset">Their data; a note below the table gives the reason if they lack scores.</param>
    /// <param name="withPublished">Whether to append published scores.</param>
    public ComparisonTable(IReadOnlyList<ComparedRun> runs, Dataset dataset, bool withPublished)
    {
        _withPublished = withPublished;
        _first = runs[0].Model.Name;
        Differences = SeedPairs.Of(
            runs,
            [
                .. from column in Columns.Where(column => !NotPaired.Contains(column.Name))
                   let value = (Func<ComparedRun, double?>)(run => column.Value(run, run.Scores.Samplers is [var way, ..] ? way : null))
                   select (column.Name, value),
            ]);
        _ofData =
        [
            .. dataset.Test.Count == 0 ? ["There are no test images: their scores are left out."] : Array.Empty<string>(),
            .. dataset.ClassNames.Count == 0 ? ["The images have no labels: scores of classes are left out."] : Array.Empty<string>(),
        ];
        _rows =
        [
            .. from model in runs.GroupBy(run => run.Model)
               let kinds = model.First().Scores.Samplers.Count
               from kind in Enumerable.Range(0, Math.Max(1, kinds))
               select Row(model.Key, kind, [.. model]),
            .. withPublished ? Published.Scores.Select(score => Row(score)) : [],
        ];
    }

    /// <summary>The rows, for a JSON document.</summary>
    public IReadOnlyList<ComparisonRow> Rows => _rows;

    /// <summary>Scores of each model, those of its first sampler among them, minus those of the first model, paired by seed.</summary>
    public IReadOnlyList<SeedPairs> Differences { get; }

    /// <summary>The VAE whose reconstructions are best, by the mean over the seeds; null without VAEs.</summary>
    public string? BestReconstructingVae => BestVae("mse_e");

    /// <summary>The VAE whose samples are best, by the mean over the seeds; null without VAEs, and where samples are not scored.</summary>
    public string? BestSamplingVae => BestVae("fcd_samples");

    /// <summary>Writes the table as .md and .csv, and its document as .json.</summary>
    /// <param name="path">The files without their endings.</param>
    /// <param name="json">The document.</param>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public void Save(string path, byte[] json)
    {
        AtomicFiles.OnDisk.Write($"{path}.md", Encoding.UTF8.GetBytes(ToMarkdown()));
        AtomicFiles.OnDisk.Write($"{path}.csv", Encoding.UTF8.GetBytes(ToCsv()));
        AtomicFiles.OnDisk.Write($"{path}.json", json);
    }

    /// <summary>Formats the table as Markdown; empty columns are left out.</summary>
    public string ToMarkdown()
    {
        string[] columns = Used();
        var text = new StringBuilder();
        text.AppendJoin(" | ", ["| model", "samples by", .. columns]).Append(" |\n");
        text.Append("| --- | --- |").Insert(text.Length, " ---: |", columns.Length).Append('\n');
        foreach (ComparisonRow row in _rows)
        {
            text.AppendJoin(" | ", [$"| {row.Model}", row.Sampler ?? "", .. columns.Select(column => Cell(row, column))]).Append(" |\n");
        }

        text.Append(string.Concat(Notes().Select(note => $"\n{note}\n")));
        return text.Append(SeedPairs.ToMarkdown(Differences, _first, Text)).ToString();
    }

    /// <summary>
    /// Formats the table as CSV: for each score mean and standard deviation over the seeds; a missing value is an empty cell.
    /// </summary>
    public string ToCsv()
    {
        string[] columns = Used();
        var text = new StringBuilder();
        IEnumerable<string> names = columns.SelectMany(column => new[] { column, $"{column}_deviation" });
        text.AppendJoin(',', ["model", "sampler", "seeds", .. names]).Append('\n');
        foreach (ComparisonRow row in _rows)
        {
            IEnumerable<string> values = columns.SelectMany(column => row.Scores[column] is { } spread
                ? new[] { Exact(spread.Mean), Exact(spread.Deviation) }
                : ["", ""]);
            text.AppendJoin(',', [$"\"{row.Model}\"", row.Sampler ?? "", Exact(row.Seeds), .. values]).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Prints the transposed table: a line for each score.</summary>
    public void Print()
    {
        IEnumerable<string> names = _rows.Select(row => row.Sampler is null ? row.Model : $"{row.Model}, {row.Sampler}");
        var table = new TextTable(1, [.. TextTable.Texts("score"), .. TextTable.Numbers(names), .. TextTable.Texts("")]);
        foreach (string column in Used())
        {
            table.Add([column, .. _rows.Select(row => Cell(row, column)), ScoreDirections.Of(column)]);
        }

        table.Print();
        foreach (string note in Notes())
        {
            Consoles.WriteText(note);
        }
    }

    /// <summary>Sentences below the table.</summary>
    private IEnumerable<string> Notes() =>
        new[] { BestVaes(), _withPublished ? Published.Source : null }.OfType<string>().Concat(_ofData);

    /// <summary>States which decoder variances give the VAEs' best reconstructions and best samples; the two differ.</summary>
    private string? BestVaes()
    {
        if (BestReconstructingVae is not { } reconstructing)
        {
            return null;
        }

        string Described(string model, string column) => $"{model} ({column} {Cell(_rows.First(row => row.Model == model), column)})";
        string samples = BestSamplingVae is { } sampling ? $", the best samples {Described(sampling, "fcd_samples")}" : "";
        return $"Of the VAEs, by the mean over the seeds, the best reconstructions makes {Described(reconstructing, "mse_e")}{samples}.";
    }

    private string? BestVae(string column) =>
        _rows.Where(row => row.IsVae && row.Scores[column] is not null).MinBy(row => row.Scores[column]!.Value.Mean)?.Model;

    private static ComparisonRow Row(ComparedModel model, int kind, IReadOnlyList<ComparedRun> runs)
    {
        SamplerScores? Samples(ComparedRun run) => kind < run.Scores.Samplers.Count ? run.Scores.Samplers[kind] : null;
        var scores = new Dictionary<string, Spread?>();
        foreach ((string name, _, Func<ComparedRun, SamplerScores?, double?> value) in Columns)
        {
            double[] values = [.. runs.Select(run => value(run, Samples(run))).OfType<double>()];
            scores[name] = values.Length == 0 ? null : Spread.Of(values);
        }

        return new ComparisonRow(
            model.Name, Samples(runs[0])?.Sampler.ToString().ToLowerInvariant(), runs.Count, scores, model.Settings.Model == ModelKind.Vae);
    }

    private static ComparisonRow Row(PublishedScore published)
    {
        var scores = Columns.ToDictionary(column => column.Name, _ => (Spread?)null);
        scores[published.PurityColumn] = new Spread(published.Purity, 0);
        if (published.NmiColumn is { } column)
        {
            scores[column] = new Spread(published.Nmi, 0);
        }

        return new ComparisonRow($"published: {published.Method}", Sampler: null, Seeds: 0, scores, IsVae: false);
    }

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Cell(ComparisonRow row, string column)
    {
        if (row.Scores[column] is not { } spread)
        {
            return "";
        }

        string mean = Text(column, spread.Mean);
        return row.Seeds > 1 && spread.Deviation > 0 ? $"{mean} ± {Text(column, spread.Deviation)}" : mean;
    }

    private static string Text(string column, double value) =>
        value.ToString(Columns.First(each => each.Name == column).Format, CultureInfo.InvariantCulture);

    private string[] Used() => [.. Columns.Select(column => column.Name).Where(name => _rows.Any(row => row.Scores[name] is not null))];
}

/// <summary>A row: a model and a sampler.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Sampler">Name of the sampler; null if samples are not scored.</param>
/// <param name="Seeds">Number of trainings.</param>
/// <param name="Scores">Mean and standard deviation over the trainings; null for scores that do not apply to the model.</param>
/// <param name="IsVae">Whether the model is a VAE; the sentence below the table names the best of them.</param>
internal sealed record ComparisonRow(
    string Model, string? Sampler, int Seeds, IReadOnlyDictionary<string, Spread?> Scores, [property: JsonIgnore] bool IsVae);
