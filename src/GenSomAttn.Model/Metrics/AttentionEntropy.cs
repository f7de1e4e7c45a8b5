using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Metrics;

/// <summary>Normalized entropy of attention probabilities.</summary>
public static class AttentionEntropy
{
    /// <summary>
    /// Computes the mean entropy of the attention probabilities over images, heads and queries, divided by that of the uniform
    /// distribution, ln T: 0 if each query attends to one token, 1 if it attends to all tokens equally; null for a single token.
    /// </summary>
    /// <param name="probs">(N, H, T, T), the sum of each row is 1.</param>
    /// <param name="shape">N images, H heads, T tokens.</param>
    /// <param name="queries">Number of leading rows of each head that count.</param>
    /// <exception cref="ArgumentException">The shape has another number of elements, or fewer rows than queries.</exception>
    public static double? AgainstUniform(ReadOnlySpan<float> probs, AttentionShape shape, int queries)
    {
        if (probs.Length != shape.ProbsLength)
        {
            throw new ArgumentException(
                $"{probs.Length} probabilities were given for {shape}, which has {shape.ProbsLength}.", nameof(probs));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(queries, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(queries, shape.Tokens);
        if (shape.Tokens == 1)
        {
            return null;
        }

        int heads = shape.Batch * shape.Heads;
        double sum = 0;
        for (int head = 0; head < heads; head++)
        {
            sum += Entropy(probs.Slice(head * shape.Tokens * shape.Tokens, queries * shape.Tokens));
        }

        return sum / ((double)heads * queries) / Math.Log(shape.Tokens);
    }

    /// <summary>Computes the sum of the entropies of rows, -Σ p ln p, in nats; p ln p is 0 at 0, its limit.</summary>
    private static double Entropy(ReadOnlySpan<float> rows)
    {
        double sum = 0;
        foreach (float p in rows)
        {
            sum -= p == 0 ? 0 : p * Math.Log(p);
        }

        return sum;
    }
}
