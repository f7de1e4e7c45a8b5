namespace GenSomAttn.Model.Evaluation;

/// <summary>What falls on each unit of a map; the index is the unit.</summary>
/// <param name="Hits">Images that the unit wins.</param>
/// <param name="MajorityLabels">Their most frequent label, of equals the lowest; -1 for a unit without images.</param>
/// <param name="Purities">Share of its images that have that label; not a number for a unit without images.</param>
/// <param name="MseQ">Mean over its images of the per-pixel MSE of D(w); not a number for a unit without images.</param>
public sealed record MapStatistics(
    IReadOnlyList<int> Hits, IReadOnlyList<int> MajorityLabels, IReadOnlyList<double> Purities, IReadOnlyList<double> MseQ);
