using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public static partial class ReferenceOps<T>
{
    /// <inheritdoc cref="IAttentionOps.AttentionForward"/>
    public static void AttentionForward(ReadOnlySpan<T> queryKeyValue, AttentionShape shape, Span<T> probs, Span<T> context)
    {
        T scale = T.One / T.Sqrt(T.CreateChecked(shape.HeadSize));
        context.Clear();
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int head = 0; head < shape.Heads; head++)
            {
                for (int t = 0; t < shape.Tokens; t++)
                {
                    ReadOnlySpan<T> query = Head(queryKeyValue, shape, n, t, Part.Query, head);
                    Span<T> probsRow = ProbsRow(probs, shape, n, head, t);
                    for (int u = 0; u < shape.Tokens; u++)
                    {
                        // scores[t,u] = scale · query[t]·key[u]
                        probsRow[u] = scale * Dot(query, Head(queryKeyValue, shape, n, u, Part.Key, head));
                    }

                    // probs[t,:] = softmax(scores[t,:])
                    SoftmaxForward(probsRow, new RowsShape(1, shape.Tokens), probsRow);
                    Span<T> contextHead = ContextHead(context, shape, n, t, head);
                    for (int u = 0; u < shape.Tokens; u++)
                    {
                        // context[t] += probs[t,u] · value[u]
                        AddScaled(probsRow[u], Head(queryKeyValue, shape, n, u, Part.Value, head), contextHead);
                    }
                }
            }
        }
    }

    /// <inheritdoc cref="IAttentionOps.AttentionBackward"/>
    public static void AttentionBackward(
        ReadOnlySpan<T> dContext, ReadOnlySpan<T> queryKeyValue, ReadOnlySpan<T> probs, AttentionShape shape, Span<T> dQueryKeyValue)
    {
        T scale = T.One / T.Sqrt(T.CreateChecked(shape.HeadSize));
        var dScores = new T[shape.Tokens];
        dQueryKeyValue.Clear();
        for (int n = 0; n < shape.Batch; n++)
        {
            for (int head = 0; head < shape.Heads; head++)
            {
                for (int t = 0; t < shape.Tokens; t++)
                {
                    ReadOnlySpan<T> dContextHead = ContextHead(dContext, shape, n, t, head);
                    ReadOnlySpan<T> probsRow = ProbsRow(probs, shape, n, head, t);
                    for (int u = 0; u < shape.Tokens; u++)
                    {
                        // forward: context[t] += probs[t,u] · value[u]; the gradient of probs stands in dScores for a moment
                        dScores[u] = Dot(dContextHead, Head(queryKeyValue, shape, n, u, Part.Value, head));
                        AddScaled(probsRow[u], dContextHead, Head(dQueryKeyValue, shape, n, u, Part.Value, head));
                    }

                    // forward: probs[t,:] = softmax(scores[t,:])
                    SoftmaxBackward(dScores, probsRow, new RowsShape(1, shape.Tokens), dScores);
                    ReadOnlySpan<T> query = Head(queryKeyValue, shape, n, t, Part.Query, head);
                    Span<T> dQuery = Head(dQueryKeyValue, shape, n, t, Part.Query, head);
                    for (int u = 0; u < shape.Tokens; u++)
                    {
                        // forward: scores[t,u] = scale · query[t]·key[u]
                        AddScaled(scale * dScores[u], Head(queryKeyValue, shape, n, u, Part.Key, head), dQuery);
                        AddScaled(scale * dScores[u], query, Head(dQueryKeyValue, shape, n, u, Part.Key, head));
                    }
                }
            }
        }
    }

    private enum Part
    {
        Query,
        Key,
        Value,
    }

    /// <summary>The S elements of one head of a token's query, key or value.</summary>
    private static Span<T> Head(Span<T> queryKeyValue, AttentionShape shape, int n, int token, Part part, int head)
        => Row(queryKeyValue, (((((n * shape.Tokens) + token) * 3) + (int)part) * shape.Heads) + head, shape.HeadSize);

    private static ReadOnlySpan<T> Head(ReadOnlySpan<T> queryKeyValue, AttentionShape shape, int n, int token, Part part, int head)
        => Row(queryKeyValue, (((((n * shape.Tokens) + token) * 3) + (int)part) * shape.Heads) + head, shape.HeadSize);

    /// <summary>The S elements of one head of a token's context.</summary>
    private static Span<T> ContextHead(Span<T> context, AttentionShape shape, int n, int token, int head)
        => Row(context, (((n * shape.Tokens) + token) * shape.Heads) + head, shape.HeadSize);

    private static ReadOnlySpan<T> ContextHead(ReadOnlySpan<T> context, AttentionShape shape, int n, int token, int head)
        => Row(context, (((n * shape.Tokens) + token) * shape.Heads) + head, shape.HeadSize);

    /// <summary>What one token attends to: T probabilities.</summary>
    private static Span<T> ProbsRow(Span<T> probs, AttentionShape shape, int n, int head, int token)
        => Row(probs, (((n * shape.Heads) + head) * shape.Tokens) + token, shape.Tokens);

    private static ReadOnlySpan<T> ProbsRow(ReadOnlySpan<T> probs, AttentionShape shape, int n, int head, int token)
        => Row(probs, (((n * shape.Heads) + head) * shape.Tokens) + token, shape.Tokens);
}
