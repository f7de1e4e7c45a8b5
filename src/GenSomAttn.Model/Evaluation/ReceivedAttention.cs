using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Model.Evaluation;

/// <summary>What the tokens of images get of the attention.</summary>
public static class ReceivedAttention
{
    /// <summary>Mean over images and heads of what each query takes of each token: (queries, T), each row summing up to 1.</summary>
    /// <param name="probs">(N, H, T, T), each row summing up to 1.</param>
    /// <param name="shape">N images, H heads, T tokens.</param>
    /// <param name="queries">The first so many rows of each head count.</param>
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
    /// For each image, mean over heads and queries of what the last tokens get, against equal shares of what they get together: (N, last),
    /// 1 on average over the tokens.
    /// </summary>
    /// <param name="probs">(N, H, T, T), each row summing up to 1.</param>
    /// <param name="shape">N images, H heads, T tokens.</param>
    /// <param name="queries">The first so many rows of each head count.</param>
    /// <param name="last">How many tokens, of those at the end.</param>
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
