using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Pictures;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Cli.Comparing;

/// <summary>
/// The frontier of order and fidelity: the maps that no other map of the same lattice beats in both topographic error and mse_q. Lattices
/// are apart, because they count other neighbors.
/// </summary>
internal static class Frontier
{
    /// <summary>Returns the models on the frontier, and the presets.</summary>
    /// <param name="runs">A run of each model.</param>
    public static IReadOnlyList<ComparedModel> Of(IReadOnlyList<ComparedRun> runs) =>
        [.. runs.Where(run => IsPreset(run.Model) || !runs.Any(other => Beats(other, run))).Select(run => run.Model)];

    /// <summary>Draws the means over the seeds.</summary>
    public static string ToSvg(IEnumerable<ComparedRun> runs) => FrontierChart.ToSvg(
    [
        .. from model in runs.GroupBy(run => run.Model)
           let te = Mean(model.Select(run => TopographicError(run.Scores)))
           let mseQ = Mean(model.Select(run => run.Scores.MseQ))
           where te is not null && mseQ is not null
           select new FrontierPoint(
               model.Key.Name, te.Value, mseQ.Value, Mean(model.Select(run => run.Scores.Purity)), LatticeOf(model.Key),
               IsPreset(model.Key)),
    ]);

    private static bool Beats(ComparedRun other, ComparedRun run)
    {
        (double? te, double? mseQ) = (TopographicError(run.Scores), run.Scores.MseQ);
        (double? otherTe, double? otherMseQ) = (TopographicError(other.Scores), other.Scores.MseQ);
        return LatticeOf(other.Model) == LatticeOf(run.Model) && otherTe <= te && otherMseQ <= mseQ && (otherTe < te || otherMseQ < mseQ);
    }

    private static bool IsPreset(ComparedModel model) => model.Name.StartsWith("preset ", StringComparison.Ordinal);

    private static MapLattice LatticeOf(ComparedModel model) => (model.Settings.MapOptions ?? new MapOptions()).Lattice;

    private static double? TopographicError(ModelEvaluation scores) => scores.Te6 ?? scores.Te4;

    private static double? Mean(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>()];
        return known.Length == 0 ? null : Spread.Of(known).Mean;
    }
}
