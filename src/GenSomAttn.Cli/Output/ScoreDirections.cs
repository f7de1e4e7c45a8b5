namespace GenSomAttn.Cli.Output;

/// <summary>Whether lower or higher is better for each score, by its key in the JSON document.</summary>
internal static class ScoreDirections
{
    private const string Lower = "lower is better";
    private const string Higher = "higher is better";

    private static readonly Dictionary<string, string> Words = new()
    {
        ["mse_e"] = Lower,
        ["mse_q"] = Lower,
        ["mse_z"] = Lower,
        ["quantization_error"] = Lower,
        ["quantization_ratio"] = Lower,
        ["units_off_data"] = Lower,
        ["te4"] = Lower,
        ["te8"] = Lower,
        ["te6"] = Lower,
        ["topographic_product"] = "nearer to 0 is better",
        ["trustworthiness"] = Higher,
        ["continuity"] = Higher,
        ["units_used"] = Higher,
        ["perplexity"] = Higher,
        ["purity"] = Higher,
        ["nmi"] = Higher,
        ["nmi_geometric"] = Higher,
        ["unit_label_accuracy"] = Higher,
        ["purity_all"] = Higher,
        ["nmi_all"] = Higher,
        ["nmi_geometric_all"] = Higher,
        ["purity_training"] = Higher,
        ["nmi_training"] = Higher,
        ["nmi_geometric_training"] = Higher,
        ["accuracy"] = Higher,
        ["loss"] = Lower,
        ["fcd_reconstructions"] = Lower,
        ["fcd_samples"] = Lower,
        ["kid_samples"] = Lower,
        ["is_samples"] = Higher,
        ["fid_samples"] = Lower,
        ["is_inception"] = Higher,
        ["precision"] = Higher,
        ["recall"] = Higher,
        ["density"] = Higher,
        ["coverage"] = Higher,
        ["copy_share"] = Lower,
    };

    /// <summary>Numbers without a direction: settings, counts, standard deviations, scores of real images.</summary>
    internal static IReadOnlySet<string> Without { get; } = new HashSet<string>
    {
        "attention_entropy", "closer_pairs", "epoch", "eta", "fcd_floor", "fcd_real", "images", "images_per_second", "is_deviation",
        "is_inception_deviation", "is_real", "kid_deviation", "learning_rate", "samples", "seconds", "sigma",
    };

    /// <summary>Names of all scores with a direction.</summary>
    internal static IReadOnlyCollection<string> Names => Words.Keys;

    /// <summary>Returns the direction of a score in words; empty if it has none.</summary>
    public static string Of(string name) => Words.GetValueOrDefault(name, "");
}
