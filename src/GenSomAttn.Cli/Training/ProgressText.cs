using System.Globalization;
using GenSomAttn.Cli.Output;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Training;

/// <summary>Texts of the bar and the lines.</summary>
internal static class ProgressText
{
    /// <summary>Formats the scores after an epoch, or before the first.</summary>
    public static string Of(EpochMetrics metrics, int epochs)
    {
        string when = metrics.Epoch == 0 ? "before training" : $"epoch {metrics.Epoch}/{epochs}";
        string loss = metrics.Loss is { } value ? string.Create(CultureInfo.InvariantCulture, $"loss {value:0.00000}, ") : "";
        string speed = metrics.Epoch == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {metrics.Seconds:0.0} s, {metrics.ImagesPerSecond:0} images/s");
        string map = metrics.UnitsUsed is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $", mse_q {metrics.MseQ:0.00000}, {Order(metrics)}, units {metrics.UnitsUsed}, "
                + $"perplexity {metrics.Perplexity:0.0}");
        string scores = metrics switch
        {
            { Accuracy: { } accuracy } => string.Create(CultureInfo.InvariantCulture, $"accuracy {accuracy:0.0000}"),
            { MseE: { } error } => string.Create(CultureInfo.InvariantCulture, $"mse_e {error:0.00000}"),
            _ => "scores of test images -",
        };
        return $"{when}: {loss}{scores}{map}{speed}";
    }

    private static string Order(EpochMetrics metrics) => metrics.Te6 is not null
        ? $"te6 {Share(metrics.Te6)}"
        : $"te4 {Share(metrics.Te4)}, te8 {Share(metrics.Te8)}";

    private static string Share(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? ScoreTable.Undefined;
}
