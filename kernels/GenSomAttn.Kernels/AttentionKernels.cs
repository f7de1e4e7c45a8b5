using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>
/// Kernels of scaled dot-product attention. One thread takes one token of one head of one sequence, (n, head, t), as query or as key; it
/// alone writes that token's rows, so nothing is added up between threads.
/// </summary>
public static class AttentionKernels
{
    private const int Query = 0, Key = 1, Value = 2;

    /// <summary>scores[t,u] = scale · query[t]·key[u]; probs[t,:] = softmax(scores[t,:]); context[t] = Σ over u of probs[t,u] · value[u].</summary>
    public static void Forward(
        ArrayView<float> queryKeyValue, AttentionShape shape, float scale, ArrayView<float> probs, ArrayView<float> context)
    {
        int row = Grid.GlobalIndex.X;
        if (row >= shape.Batch * shape.Heads * shape.Tokens)
        {
            return;
        }

        Token token = Token.Of(row, shape);
        int query = token.Part(Query, token.Index, shape);
        float max = float.NegativeInfinity;
        for (int u = 0; u < shape.Tokens; u++)
        {
            float score = scale * Dot(queryKeyValue, query, queryKeyValue, token.Part(Key, u, shape), shape.HeadSize);
            probs[(row * shape.Tokens) + u] = score;
            max = score > max ? score : max;
        }

        float sum = 0;
        for (int u = 0; u < shape.Tokens; u++)
        {
            float e = DeviceMath.Exp(probs[(row * shape.Tokens) + u] - max);
            probs[(row * shape.Tokens) + u] = e;
            sum += e;
        }

        for (int u = 0; u < shape.Tokens; u++)
        {
            probs[(row * shape.Tokens) + u] /= sum;
        }

        int output = token.Context(token.Index, shape);
        for (int c = 0; c < shape.HeadSize; c++)
        {
            float mixed = 0;
            for (int u = 0; u < shape.Tokens; u++)
            {
                mixed = DeviceMath.Fma(probs[(row * shape.Tokens) + u], queryKeyValue[token.Part(Value, u, shape) + c], mixed);
            }

            context[output + c] = mixed;
        }
    }

    /// <summary>
    /// The gradient of the query, and for the other kernel of this operation the dot of the query's probabilities with their gradients.
    /// </summary>
    /// <remarks>
    /// dProbs[t,u] = dContext[t]·value[u]; dots[t] = Σ over u of probs[t,u] · dProbs[t,u]; dScores[t,u] = probs[t,u] · (dProbs[t,u] - dots[t]);
    /// dQuery[t] = scale · Σ over u of dScores[t,u] · key[u].
    /// </remarks>
    public static void BackwardQuery(
        ArrayView<float> dContext, ArrayView<float> queryKeyValue, ArrayView<float> probs, AttentionShape shape, float scale,
        ArrayView<float> dots, ArrayView<float> dQueryKeyValue)
    {
        int row = Grid.GlobalIndex.X;
        if (row >= shape.Batch * shape.Heads * shape.Tokens)
        {
            return;
        }

        Token token = Token.Of(row, shape);
        int output = token.Context(token.Index, shape);
        float dot = 0;
        for (int u = 0; u < shape.Tokens; u++)
        {
            float dProb = Dot(dContext, output, queryKeyValue, token.Part(Value, u, shape), shape.HeadSize);
            dot = DeviceMath.Fma(probs[(row * shape.Tokens) + u], dProb, dot);
        }

        dots[row] = dot;
        int dQuery = token.Part(Query, token.Index, shape);
        Clear(dQueryKeyValue, dQuery, shape.HeadSize);
        for (int u = 0; u < shape.Tokens; u++)
        {
            float dProb = Dot(dContext, output, queryKeyValue, token.Part(Value, u, shape), shape.HeadSize);
            float dScore = probs[(row * shape.Tokens) + u] * (dProb - dot);
            AddScaled(scale * dScore, queryKeyValue, token.Part(Key, u, shape), dQueryKeyValue, dQuery, shape.HeadSize);
        }
    }

    /// <summary>The gradients of key and value.</summary>
    /// <remarks>
    /// dKey[u] = scale · Σ over t of dScores[t,u] · query[t]; dValue[u] = Σ over t of probs[t,u] · dContext[t]; dScores as in
    /// <see cref="BackwardQuery"/>.
    /// </remarks>
    public static void BackwardKeyValue(
        ArrayView<float> dContext, ArrayView<float> queryKeyValue, ArrayView<float> probs, AttentionShape shape, float scale,
        ArrayView<float> dots, ArrayView<float> dQueryKeyValue)
    {
        int row = Grid.GlobalIndex.X;
        if (row >= shape.Batch * shape.Heads * shape.Tokens)
        {
            return;
        }

        Token token = Token.Of(row, shape);
        int firstRow = row - token.Index;
        int key = token.Part(Key, token.Index, shape);
        int value = token.Part(Value, token.Index, shape);
        Clear(dQueryKeyValue, key, shape.HeadSize);
        Clear(dQueryKeyValue, value, shape.HeadSize);
        for (int t = 0; t < shape.Tokens; t++)
        {
            float prob = probs[((firstRow + t) * shape.Tokens) + token.Index];
            int output = token.Context(t, shape);
            float dProb = Dot(dContext, output, queryKeyValue, value, shape.HeadSize);
            float dScore = prob * (dProb - dots[firstRow + t]);
            AddScaled(scale * dScore, queryKeyValue, token.Part(Query, t, shape), dQueryKeyValue, key, shape.HeadSize);
            AddScaled(prob, dContext, output, dQueryKeyValue, value, shape.HeadSize);
        }
    }

    private static float Dot(ArrayView<float> left, int leftStart, ArrayView<float> right, int rightStart, int length)
    {
        float sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum = DeviceMath.Fma(left[leftStart + i], right[rightStart + i], sum);
        }

        return sum;
    }

    private static void Clear(ArrayView<float> row, int start, int length)
    {
        for (int i = 0; i < length; i++)
        {
            row[start + i] = 0;
        }
    }

    /// <summary>sum += factor · row.</summary>
    private static void AddScaled(float factor, ArrayView<float> row, int rowStart, ArrayView<float> sum, int sumStart, int length)
    {
        for (int i = 0; i < length; i++)
        {
            sum[sumStart + i] = DeviceMath.Fma(factor, row[rowStart + i], sum[sumStart + i]);
        }
    }

    /// <summary>A token of a head of a sequence, and where the rows of its sequence's tokens lie.</summary>
    private readonly record struct Token(int Sequence, int Head, int Index)
    {
        /// <summary>The token of a row of the probabilities, (n · H + head) · T + t.</summary>
        public static Token Of(int row, AttentionShape shape)
        {
            int sequenceHead = row / shape.Tokens;
            int sequence = sequenceHead / shape.Heads;
            return new Token(sequence, sequenceHead - (sequence * shape.Heads), row - (sequenceHead * shape.Tokens));
        }

        /// <summary>The first element of a token's query, key or value in this head.</summary>
        public int Part(int part, int token, AttentionShape shape) =>
            (((((((Sequence * shape.Tokens) + token) * 3) + part) * shape.Heads) + Head) * shape.HeadSize);

        /// <summary>The first element of a token's context in this head.</summary>
        public int Context(int token, AttentionShape shape) =>
            ((((Sequence * shape.Tokens) + token) * shape.Heads) + Head) * shape.HeadSize;
    }
}
