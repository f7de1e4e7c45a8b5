using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Options;

/// <summary>Value of --init: how the codebook starts, or the run whose parameters and codebook a training starts from.</summary>
/// <param name="Codebook">The word; null for a run.</param>
/// <param name="Run">Directory or number of the run; null for a word.</param>
internal readonly record struct TrainingStart(CodebookInit? Codebook, string? Run)
{
    private static readonly ValueForm<CodebookInit> Words = ValueForms.OneOf<CodebookInit>();

    /// <summary>Form of the value; a word is never a run, whose folder of that name is ./pca.</summary>
    public static ValueForm<TrainingStart> Form { get; } = new($"{Words.Expected}, or a run", $"{Words.Placeholder}|RUN", TryParse);

    private static bool TryParse(string text, out TrainingStart value)
    {
        value = Words.TryRead(text, out CodebookInit word) ? new(word, null) : new(null, text);
        return !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal);
    }
}
