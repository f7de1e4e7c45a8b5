using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Metrics;

/// <summary>Attention that tokens receive, averaged over heads.</summary>
public static class ReceivedAttention
{
    /// <summary>Computes the mean attention probabilities over images and heads, (queries, T); the sum of each row is 1.</summary>
    /// <param name="probs">(N, H, T, T), the sum of each row is 1.</param>
    /// <param name="shape">N images, H heads, T tokens.</param>
    /// <param name="queries">Number of leading rows of each head that count.</param>
    public static double[] OfQueries(ReadOnlySpan<float> probs, AttentionShape shape, int queries)
    {
        double[] means = new double[queries * shape.Tokens];
        int heads = shape.Batch * shape.Heads;
        for (int head = 0; head < heads; head++)
        {
            ReadOnlySpan<float> rows = Rows(probs, shape, head, queries);
            for (int i = 0; i < rows.Length; i++)
            {
                means[i] += (double)rows[i] / heads;
            }
        }

        return means;
    }

    /// <summary>
    /// Computes the attention that each of the last tokens receives, averaged over heads and queries and normalized to mean 1 over these
    /// tokens, per image: (N, last).
    /// </summary>
    /// <param name="probs">(N, H, T, T), the sum of each row is 1.</param>
    /// <param name="shape">N images, H heads, T tokens.</param>
    /// <param name="queries">Number of leading rows of each head that count.</param>
    /// <param name="last">Number of trailing tokens.</param>
    public static double[] OfLastTokens(ReadOnlySpan<float> probs, AttentionShape shape, int queries, int last)
    {
        double[] received = new double[shape.Batch * last];
        for (int image = 0; image < shape.Batch; image++)
        {
            Span<double> own = received.AsSpan(image * last, last);
            for (int head = 0; head < shape.Heads; head++)
            {
                ReadOnlySpan<float> rows = Rows(probs, shape, (image * shape.Heads) + head, queries);
                for (int query = 0; query < queries; query++)
                {
                    ReadOnlySpan<float> ofLast = rows.Slice(((query + 1) * shape.Tokens) - last, last);
                    for (int token = 0; token < last; token++)
                    {
                        own[token] += ofLast[token];
                    }
                }
            }

            double sum = 0;
            foreach (double value in own)
            {
                sum += value;
            }

            for (int token = 0; token < last; token++)
            {
                own[token] *= last / sum;
            }
        }

        return received;
    }

    private static ReadOnlySpan<float> Rows(ReadOnlySpan<float> probs, AttentionShape shape, int head, int queries) =>
        probs.Slice(head * shape.Tokens * shape.Tokens, queries * shape.Tokens);
}
