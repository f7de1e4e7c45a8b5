using GenSomAttn.Model.Data;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Networks;

namespace GenSomAttn.Model.Atlas;

/// <summary>Numbers of each unit over a set of images, for the layers of the page; the index is the unit.</summary>
/// <param name="Images">What the images are: "test images".</param>
/// <param name="Count">N, the number of images.</param>
/// <param name="Classes">Names of the classes; empty without labels.</param>
/// <param name="Hits">Images whose BMU it is.</param>
/// <param name="Labels">Most frequent label of these images, -1 for none; null without labels.</param>
/// <param name="Purity">Share of these images with that label; null without images.</param>
/// <param name="Quantization">Mean distance |v - w| of these images; null without images.</param>
/// <param name="MseE">Mean mse_e of these images.</param>
/// <param name="MseQ">Mean mse_q of these images.</param>
/// <param name="Crossings">
/// Pairs of units that are no neighbors (of 8) and the number of images with the first as BMU and the second as second-best unit.
/// </param>
internal sealed record UnitFacts(
    string Images, int Count, IReadOnlyList<string> Classes, int[] Hits, int[]? Labels, double?[]? Purity, double?[] Quantization,
    double?[] MseE, double?[] MseQ, IReadOnlyList<int[]> Crossings)
{
    /// <summary>Locates the images that pictures show.</summary>
    /// <param name="model">The trained model.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="codes">Receives the codes of each batch.</param>
    public static UnitFacts Of(SomAttnModel model, Dataset dataset, Action<ReadOnlyMemory<float>> codes)
    {
        ImageSet shown = dataset.Of(dataset.Shown);
        int columns = model.Map.Width;
        int units = model.Map.Units;
        int classes = dataset.ClassNames.Count;
        int[,] counts = new int[units, Math.Max(1, classes)];
        var sums = new Sums(units);
        Dictionary<(int Unit, int Second), int> crossings = [];
        foreach (LocatedBatch batch in new ImageLocator(model, trainingDistances: null).Locate(shown, name: null, first: 0, []))
        {
            codes(batch.Codes);
            foreach (LocatedImage image in batch.Images)
            {
                int unit = (image.Row * columns) + image.Column;
                sums.Add(unit, image);
                counts[unit, classes == 0 ? 0 : shown.Labels[image.Index]]++;
                if (image.Neighbors == false)
                {
                    (int, int) pair = (unit, (image.SecondRow!.Value * columns) + image.SecondColumn!.Value);
                    crossings[pair] = crossings.GetValueOrDefault(pair) + 1;
                }
            }
        }

        int[] labels = [.. Enumerable.Range(0, units).Select(unit => sums.Hits[unit] == 0 ? -1 : Majority(counts, unit, classes))];
        return new UnitFacts(
            dataset.Shown == ImageSplit.Test ? dataset.TestNoun : "training images", shown.Count, dataset.ClassNames, sums.Hits,
            classes == 0 ? null : labels,
            classes == 0
                ? null
                : [.. labels.Select((label, unit) => label < 0 ? (double?)null : (double)counts[unit, label] / sums.Hits[unit])],
            sums.Mean(sums.Distances), sums.Mean(sums.MseE), sums.Mean(sums.MseQ),
            [.. crossings.Select(pair => new[] { pair.Key.Unit, pair.Key.Second, pair.Value })]);
    }

    /// <summary>Returns the most frequent label of a unit; on a tie the lowest.</summary>
    private static int Majority(int[,] counts, int unit, int classes)
    {
        int best = 0;
        for (int label = 1; label < classes; label++)
        {
            best = counts[unit, label] > counts[unit, best] ? label : best;
        }

        return best;
    }

    /// <summary>Sums over the images of each unit.</summary>
    private sealed class Sums(int units)
    {
        public int[] Hits { get; } = new int[units];

        public double[] Distances { get; } = new double[units];

        public double[] MseE { get; } = new double[units];

        public double[] MseQ { get; } = new double[units];

        public void Add(int unit, LocatedImage image)
        {
            Hits[unit]++;
            Distances[unit] += image.Distance;
            MseE[unit] += image.MseE!.Value;
            MseQ[unit] += image.MseQ!.Value;
        }

        public double?[] Mean(double[] sums)
        {
            const int Digits = 6;
            return [.. sums.Select((sum, unit) => Hits[unit] == 0 ? (double?)null : Math.Round(sum / Hits[unit], Digits))];
        }
    }
}
