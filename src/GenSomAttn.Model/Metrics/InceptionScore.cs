namespace GenSomAttn.Model.Metrics;

/// <summary>
/// Inception score: high if a classifier is confident on each image and the classes are evenly distributed; from 1 to the number of
/// classes. It does not detect copies or low diversity within a class; the score of real images is the practical maximum.
/// </summary>
/// <remarks>Source: Salimans et al., "Improved techniques for training GANs", 2016; splits as in their code.</remarks>
public static class InceptionScore
{
    private const double SumTolerance = 1e-4;

    /// <summary>Computes exp((1/N) Σ over images of KL(p ‖ mean of p)) of consecutive splits of equal size: mean and deviation.</summary>
    /// <param name="probabilities">p, (N, classes): probabilities of each image, at least 0 with sum 1.</param>
    /// <param name="splits">Number of splits; small splits score lower.</param>
    /// <exception cref="ArgumentException">A row is no probability distribution, or there are fewer images than splits.</exception>
    public static Spread Of(Rows<double> probabilities, int splits = 10)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentOutOfRangeException.ThrowIfLessThan(splits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(splits, probabilities.Count);
        CheckProbabilities(probabilities);
        double[] scores = new double[splits];
        for (int split = 0; split < splits; split++)
        {
            int start = (int)((long)split * probabilities.Count / splits);
            int end = (int)((long)(split + 1) * probabilities.Count / splits);
            scores[split] = OfPart(probabilities, start, end);
        }

        return Spread.Of(scores);
    }

    private static double OfPart(Rows<double> probabilities, int start, int end)
    {
        double[] mean = new double[probabilities.Dimension];
        for (int n = start; n < end; n++)
        {
            for (int label = 0; label < mean.Length; label++)
            {
                mean[label] += probabilities[n][label] / (end - start);
            }
        }

        double divergence = 0;
        for (int n = start; n < end; n++)
        {
            for (int label = 0; label < mean.Length; label++)
            {
                double p = probabilities[n][label];
                divergence += p == 0 ? 0 : p * Math.Log(p / mean[label]); // p ln p is 0 at 0, the limit
            }
        }

        return Math.Exp(divergence / (end - start));
    }

    private static void CheckProbabilities(Rows<double> probabilities)
    {
        for (int n = 0; n < probabilities.Count; n++)
        {
            double sum = 0;
            double least = 0;
            foreach (double p in probabilities[n])
            {
                sum += p;
                least = Math.Min(least, p);
            }

            if (least < 0 || Math.Abs(sum - 1) > SumTolerance)
            {
                throw new ArgumentException(
                    $"Row {n} holds no probabilities: its least is {least}, its sum {sum}. Give the outputs of a softmax.");
            }
        }
    }
}
