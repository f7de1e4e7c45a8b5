namespace GenSomAttn.Model.Evaluation;

/// <summary>Statistics per unit of a map; the index is the unit.</summary>
/// <param name="Hits">Number of images whose BMU the unit is.</param>
/// <param name="Labels">Their most frequent label and its share; null for images without labels.</param>
/// <param name="MseQ">Mean over its images of mse_q, the per-pixel mean squared error of D(w); NaN for a unit without hits.</param>
public sealed record MapStatistics(IReadOnlyList<int> Hits, IReadOnlyList<UnitLabel>? Labels, IReadOnlyList<double> MseQ);

/// <summary>Majority label of a unit and its purity.</summary>
/// <param name="Label">The most frequent label of its images, on a tie the lowest; -1 for a unit without hits.</param>
/// <param name="Purity">Share of its images with that label, 0 to 1; NaN for a unit without hits.</param>
public readonly record struct UnitLabel(int Label, double Purity);
