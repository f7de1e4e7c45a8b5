using System.Globalization;
using GenSomAttn.Kernels.Shapes;
using GenSomAttn.Model.Settings;
using GenSomAttn.Model.Training;

namespace GenSomAttn.Cli.Advising;

/// <summary>
/// Derives advice from the scores of a run. Every number that it says was measured is in docs, and a test holds that.
/// </summary>
internal static class Advisor
{
    private const string Small = "docs/RESULTS.md, few images and few steps";
    private const string Weights = "docs/CHOICES.md, weights of the loss";
    private const string Lattices = "docs/CHOICES.md, lattices";

    /// <summary>Final sigmas in the tables, and the largest topographic error of maps that ended with them: te4 of rectangles.</summary>
    private static readonly (double Sigma, double Error)[] OfRectangles = [(0.6, 0.169), (0.5, 0.242), (0.3, 0.46)];

    /// <summary>The same of hexagons, te6.</summary>
    private static readonly (double Sigma, double Error)[] OfHexagons =
        [(1, 0.032), (0.8, 0.042), (0.7, 0.057), (0.6, 0.082), (0.5, 0.133), (0.45, 0.174), (0.4, 0.221), (0.3, 0.323)];

    /// <summary>Returns the advice on a run; none if there is nothing to say.</summary>
    public static IReadOnlyList<Advice> Of(RunFacts facts) => facts.Newest is not { Epoch: > 0 } newest ? [] :
    [
        .. new[]
        {
            FallingLoss(facts), FewImages(facts), DeadUnits(facts, newest), Order(facts, newest), UnlikeUnits(facts), Copies(facts),
        }.OfType<Advice>(),
    ];

    private static Advice? FallingLoss(RunFacts facts)
    {
        // With the cosine decay of the learning rate, the loss of a training that is long enough falls by less in its last tenth.
        const double Still = 0.02;
        EpochMetrics[] trained = [.. facts.Rows.Where(row => row.Loss is not null)];
        int span = Math.Max(1, trained.Length / 10);
        if (trained.Length <= span || trained[^1].Epoch < facts.Settings.Epochs)
        {
            return null;
        }

        double fall = 1 - (trained[^1].Loss!.Value / trained[^(1 + span)].Loss!.Value);
        string epochs = span == 1 ? "epoch" : $"{span} epochs";
        return fall < Still ? null : new Advice(
            "loss",
            $"The loss still fell by {Percent(fall)} in the last {epochs}.",
            $"Train longer, with more --epochs; train --init {facts.Run} goes on from these parameters.",
            "mse_e 0.0179 after 40 epochs instead of 0.0409 after 8, and 0.0143 after 200", Small);
    }

    private static Advice? FewImages(RunFacts facts)
    {
        const int Enough = 10;
        double each = (double)facts.TrainingImages / Math.Max(1, facts.Units);
        if (facts.Units < 2 || each >= Enough)
        {
            return null;
        }

        int side = Math.Max(1, (int)Math.Sqrt((double)facts.TrainingImages / Enough));
        return new Advice(
            "images",
            $"{facts.TrainingImages} training images for {facts.Units} units are {Number(each, "0.#")} for each.",
            $"Give more images, or a smaller map, such as --map {side}x{side}.",
            "with 6x6 units instead of 12x12 for 640 images, copy_share 0.002 instead of 0.022 and an FCD of samples of 248.1 instead of "
            + "257.4, for an mse_q of 0.0371 instead of 0.0311", Small);
    }

    private static Advice? DeadUnits(RunFacts facts, EpochMetrics newest)
    {
        // By chance alone, images spread evenly over the units leave some without any.
        const double Tolerated = 0.9;
        double byChance = facts.Units * (1 - Math.Exp(-(double)facts.TestImages / Math.Max(1, facts.Units)));
        return newest.UnitsUsed is not { } used || used >= Tolerated * byChance ? null : new Advice(
            "dead units",
            $"{facts.Units - used} of {facts.Units} units win none of the {facts.TestImages} test images.",
            "Train for more steps (more --epochs, or a smaller --batch-size), or take a smaller --map.",
            "132 of 144 units used after 400 steps instead of 110 after 80", Small);
    }

    private static Advice? Order(RunFacts facts, EpochMetrics newest)
    {
        const double Noticed = 0.2, Spread = 1.1, Larger = 0.6;
        bool isGaussian = (facts.Settings.MapOptions ?? new MapOptions()).Neighborhood == NeighborhoodKind.Gaussian;
        bool hasHexagons = newest.Te6 is not null;
        (string name, double? error) = hasHexagons ? ("te6", newest.Te6) : ("te4", newest.Te4);
        if (!isGaussian || error is not { } found || newest.Sigma is not { } sigma
            || ErrorInTables(hasHexagons ? OfHexagons : OfRectangles, sigma) is not { } known)
        {
            return null;
        }

        string finding = $"{name} {Number(found, "0.000")}: the second-best unit of {Percent(found)} of the test images is no neighbor of "
            + $"their BMU. Maps whose sigma ended at {Number(known.Sigma, "0.##")} had about {Number(known.Error, "0.000")}";
        return found > known.Error * Spread
            ? new Advice(
                "order", $"{finding}: this one is folded.", "Give the map more steps, or a larger --sigma-start to unfold it.",
                "te4 0.255 instead of 0.264 on 30x30 units with --sigma-start 10 instead of 4", "docs/CHOICES.md, steps and sigma of a map")
            : found > Noticed && known.Sigma < Larger
                ? new Advice(
                    "order", $"{finding}: this one is not folded, and pays the price of sigma.", "For more order: --sigma-end 0.6.",
                    hasHexagons ? "te6 0.082 instead of 0.221, for an mse_q of 0.02938 instead of 0.02762, with a sigma of 0.4"
                        : "te4 0.153 instead of 0.239, for an mse_q of 0.02803 instead of 0.02751",
                    hasHexagons ? Lattices : Weights)
                : null;
    }

    /// <summary>Returns the largest final sigma in a table that is not above this one, with its error; null below all of them.</summary>
    private static (double Sigma, double Error)? ErrorInTables((double Sigma, double Error)[] table, double sigma) =>
        table.Select(row => ((double Sigma, double Error)?)row).FirstOrDefault(row => row!.Value.Sigma <= sigma);

    private static Advice? UnlikeUnits(RunFacts facts) => facts.UnlikeUnits is not ({ } count and > 0) ? null : new Advice(
        "unlike units",
        $"{count} of {facts.Units} units look like none of the test images that they win: their decoded codebook vectors fit them less "
        + "than the mean of all images does.",
        "Give decoded codebook vectors more weight: --quantized-weight 0.25.",
        "mse_q 0.02651 instead of 0.02870 with 0.25 instead of 0.02, for an mse_e of 0.00744 instead of 0.00699", Weights);

    private static Advice? Copies(RunFacts facts)
    {
        const double Noticed = 0.03;
        return facts.CopyShare is not ({ } share and > Noticed) ? null : new Advice(
            "copies",
            $"{Percent(share)} of the samples are nearer to a training image than 99 % of the test images are; without copies it is 1 %.",
            "Give more training images, a smaller --map, or fewer --epochs.",
            "copy_share 0.022 after 40 epochs instead of 0.052 after 200, for an FCD of samples of 257.4 instead of 83.4", Small);
    }

    private static string Percent(double share) => $"{Number(100 * share, share < 0.1 ? "0.#" : "0")} %";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
