using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Evaluation;

/// <summary>How widely attention looks.</summary>
public static class AttentionEntropy
{
    /// <summary>
    /// Mean entropy of what the queries take, over images, heads and queries, against that of the uniform distribution, ln T: 0 where each
    /// query looks at one token alone, 1 where it looks at all tokens alike; null for one token, which leaves no choice.
    /// </summary>
    /// <param name="probs">(N, H, T, T), each row summing up to 1.</param>
    /// <param name="shape">N images, H heads, T tokens.</param>
    /// <param name="queries">The first so many rows of each head count.</param>
    /// <exception cref="ArgumentException">The shape has another number of elements, or fewer rows than are to count.</exception>
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

    /// <summary>Sum of the entropies of some rows, -Σ p ln p, in nats; p ln p is 0 at 0, its limit.</summary>
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
