namespace GenSomAttn.Model.Evaluation;

/// <summary>Statistics per unit of a map; the index is the unit.</summary>
/// <param name="Hits">Number of images whose BMU the unit is.</param>
/// <param name="MajorityLabels">Their most frequent label, on a tie the lowest; -1 for a unit without hits.</param>
/// <param name="Purities">Share of its images with that label; NaN for a unit without hits.</param>
/// <param name="MseQ">Mean over its images of mse_q, the per-pixel mean squared error of D(w); NaN for a unit without hits.</param>
public sealed record MapStatistics(
    IReadOnlyList<int> Hits, IReadOnlyList<int> MajorityLabels, IReadOnlyList<double> Purities, IReadOnlyList<double> MseQ);
