using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Reference;

public sealed partial class ReferenceBackend<T>
{
    private enum Part
    {
        Query,
        Key,
        Value,
    }

    /// <inheritdoc/>
    protected override void AttentionForwardCore(
        DeviceView<T> queryKeyValue, AttentionShape shape, DeviceView<T> probs, DeviceView<T> context)
    {
        T scale = T.One / T.Sqrt(T.CreateChecked(shape.HeadSize));
        context.Span().Clear();
        foreach ((int n, int head, int t) in Queries(shape))
        {
            ReadOnlySpan<T> query = Head(queryKeyValue, shape, n, t, Part.Query, head);   // (S)
            Span<T> probsRow = ProbsRow(probs, shape, n, head, t);                        // (T)
            Span<T> contextHead = ContextHead(context, shape, n, t, head);                // (S)

            // Pass 1: scores[t,u] = scale · query[t]·key[u]
            for (int u = 0; u < shape.Tokens; u++)
            {
                probsRow[u] = scale * Dot(query, Head(queryKeyValue, shape, n, u, Part.Key, head));
            }

            // Pass 2: probs[t,:] = softmax(scores[t,:])
            Softmax(probsRow, probsRow);

            // Pass 3: context[t] += probs[t,u] · value[u]
            for (int u = 0; u < shape.Tokens; u++)
            {
                AddScaled(probsRow[u], Head(queryKeyValue, shape, n, u, Part.Value, head), contextHead);
            }
        }
    }

    /// <inheritdoc/>
    protected override void AttentionBackwardCore(
        DeviceView<T> dContext, DeviceView<T> queryKeyValue, DeviceView<T> probs, AttentionShape shape, DeviceView<T> dQueryKeyValue)
    {
        T scale = T.One / T.Sqrt(T.CreateChecked(shape.HeadSize));
        var dProbs = new T[shape.Tokens];
        var dScores = new T[shape.Tokens];
        dQueryKeyValue.Span().Clear();
        foreach ((int n, int head, int t) in Queries(shape))
        {
            ReadOnlySpan<T> dContextHead = ContextHead(dContext, shape, n, t, head);      // (S)
            ReadOnlySpan<T> probsRow = ProbsRow(probs, shape, n, head, t);                // (T)
            ReadOnlySpan<T> query = Head(queryKeyValue, shape, n, t, Part.Query, head);   // (S)
            Span<T> dQuery = Head(dQueryKeyValue, shape, n, t, Part.Query, head);         // (S)

            // Pass 3 of forward: context[t] += probs[t,u] · value[u]
            for (int u = 0; u < shape.Tokens; u++)
            {
                dProbs[u] = Dot(dContextHead, Head(queryKeyValue, shape, n, u, Part.Value, head));
                AddScaled(probsRow[u], dContextHead, Head(dQueryKeyValue, shape, n, u, Part.Value, head));
            }

            // Pass 2 of forward: probs[t,:] = softmax(scores[t,:])
            SoftmaxGradient(dProbs, probsRow, dScores);

            // Pass 1 of forward: scores[t,u] = scale · query[t]·key[u]
            for (int u = 0; u < shape.Tokens; u++)
            {
                AddScaled(scale * dScores[u], Head(queryKeyValue, shape, n, u, Part.Key, head), dQuery);
                AddScaled(scale * dScores[u], query, Head(dQueryKeyValue, shape, n, u, Part.Key, head));
            }
        }
    }

    /// <summary>Every (sequence, head, token) that attends.</summary>
    private static IEnumerable<(int N, int Head, int Token)> Queries(AttentionShape shape) =>
        from n in Enumerable.Range(0, shape.Batch)
        from head in Enumerable.Range(0, shape.Heads)
        from t in Enumerable.Range(0, shape.Tokens)
        select (n, head, t);

    /// <summary>The S elements of one head of a token's query, key or value.</summary>
    private static Span<T> Head(DeviceView<T> queryKeyValue, AttentionShape shape, int n, int token, Part part, int head)
        => Row(queryKeyValue, (((((n * shape.Tokens) + token) * 3) + (int)part) * shape.Heads) + head, shape.HeadSize);

    /// <summary>The S elements of one head of a token's context.</summary>
    private static Span<T> ContextHead(DeviceView<T> context, AttentionShape shape, int n, int token, int head)
        => Row(context, (((n * shape.Tokens) + token) * shape.Heads) + head, shape.HeadSize);

    /// <summary>What one token attends to: T probabilities.</summary>
    private static Span<T> ProbsRow(DeviceView<T> probs, AttentionShape shape, int n, int head, int token)
        => Row(probs, (((n * shape.Heads) + head) * shape.Tokens) + token, shape.Tokens);
}
