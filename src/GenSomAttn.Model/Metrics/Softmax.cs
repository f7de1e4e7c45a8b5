namespace GenSomAttn.Model.Metrics;

/// <summary>Probabilities from logits.</summary>
internal static class Softmax
{
    /// <summary>Computes exp(logit) / Σ exp(logit) of one image, without overflow.</summary>
    /// <param name="logits">(classes).</param>
    /// <param name="probabilities">(classes), overwritten.</param>
    public static void Of(ReadOnlySpan<float> logits, Span<double> probabilities)
    {
        double largest = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] = Math.Exp(logits[i] - largest);
            sum += probabilities[i];
        }

        for (int i = 0; i < logits.Length; i++)
        {
            probabilities[i] /= sum;
        }
    }
}
