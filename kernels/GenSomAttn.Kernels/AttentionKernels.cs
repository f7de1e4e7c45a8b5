using GenSomAttn.Kernels.Arithmetic;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Kernels;

/// <summary>
/// Kernels of scaled dot-product attention. One thread takes one token of one head of one sequence, (n, head, t), as query or as key. It
/// alone writes that token's rows, so that no sum needs atomics.
/// </summary>
public static class AttentionKernels
{
    private const int Query = 0, Key = 1, Value = 2;

    /// <summary>
    /// Computes scores[t,u] = scale · query[t]·key[u]; probs[t,:] = softmax(scores[t,:]); context[t] = Σ over u of probs[t,u] · value[u].
    /// </summary>
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
        for (int channel = 0; channel < shape.HeadSize; channel += Channels.Count)
        {
            Channels channels = new(channel, shape.HeadSize);
            Float4 mixed = default;
            for (int u = 0; u < shape.Tokens; u++)
            {
                mixed = mixed.PlusScaled(probs[(row * shape.Tokens) + u], channels.Of(queryKeyValue, token.Part(Value, u, shape)));
            }

            channels.Put(mixed, context, output);
        }
    }

    /// <summary>
    /// Computes the gradient of the query and, for <see cref="BackwardKeyValue"/>, the dot product of the query's probabilities with
    /// their gradients.
    /// </summary>
    /// <remarks>
    /// Forward: context[t] = Σ over u of probs[t,u] · value[u], hence dProbs[t,u] = dContext[t]·value[u].
    /// Jacobian of softmax: ∂probs[t,v]/∂scores[t,u] = probs[t,v] · (δ_uv - probs[t,u]), with δ_uv = 1 for u = v, else 0. Contracted with
    /// dProbs over v:
    /// dScores[t,u] = probs[t,u] · (dProbs[t,u] - dots[t]) with dots[t] = Σ over v of probs[t,v] · dProbs[t,v].
    /// Forward: scores[t,u] = scale · query[t]·key[u], hence dQuery[t] = scale · Σ over u of dScores[t,u] · key[u].
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
        for (int channel = 0; channel < shape.HeadSize; channel += Channels.Count)
        {
            Channels channels = new(channel, shape.HeadSize);
            Float4 sum = default;
            for (int u = 0; u < shape.Tokens; u++)
            {
                float dProb = Dot(dContext, output, queryKeyValue, token.Part(Value, u, shape), shape.HeadSize);
                float dScore = probs[(row * shape.Tokens) + u] * (dProb - dot);
                sum = sum.PlusScaled(scale * dScore, channels.Of(queryKeyValue, token.Part(Key, u, shape)));
            }

            channels.Put(sum, dQueryKeyValue, dQuery);
        }
    }

    /// <summary>Computes the gradients of key and value.</summary>
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
        for (int channel = 0; channel < shape.HeadSize; channel += Channels.Count)
        {
            Channels channels = new(channel, shape.HeadSize);
            Float4 dKey = default, dValue = default;
            for (int t = 0; t < shape.Tokens; t++)
            {
                float prob = probs[((firstRow + t) * shape.Tokens) + token.Index];
                int output = token.Context(t, shape);
                float dProb = Dot(dContext, output, queryKeyValue, value, shape.HeadSize);
                float dScore = prob * (dProb - dots[firstRow + t]);
                dKey = dKey.PlusScaled(scale * dScore, channels.Of(queryKeyValue, token.Part(Query, t, shape)));
                dValue = dValue.PlusScaled(prob, channels.Of(dContext, output));
            }

            channels.Put(dKey, dQueryKeyValue, key);
            channels.Put(dValue, dQueryKeyValue, value);
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

    /// <summary>
    /// Four channels of a head, whose sums stay in registers (register blocking); channels beyond the last are clamped to it when read
    /// and are not written.
    /// </summary>
    private readonly record struct Channels(int First, int HeadSize)
    {
        /// <summary>Number of channels.</summary>
        public const int Count = 4;

        private int Last => HeadSize - 1;

        /// <summary>Reads the channels of a row.</summary>
        public Float4 Of(ArrayView<float> data, int start) => new(
            data[start + First], data[start + Math.Min(First + 1, Last)], data[start + Math.Min(First + 2, Last)],
            data[start + Math.Min(First + 3, Last)]);

        /// <summary>Writes the channels of a row.</summary>
        public void Put(Float4 sums, ArrayView<float> data, int start)
        {
            data[start + First] = sums.X;
            if (First + 1 < HeadSize)
            {
                data[start + First + 1] = sums.Y;
            }

            if (First + 2 < HeadSize)
            {
                data[start + First + 2] = sums.Z;
            }

            if (First + 3 < HeadSize)
            {
                data[start + First + 3] = sums.W;
            }
        }
    }

    /// <summary>A token of a head of a sequence, which locates the rows of its sequence's tokens.</summary>
    private readonly record struct Token(int Sequence, int Head, int Index)
    {
        /// <summary>Returns the token of a row of the probabilities, (n · H + head) · T + t.</summary>
        public static Token Of(int row, AttentionShape shape)
        {
            int sequenceHead = row / shape.Tokens;
            int sequence = sequenceHead / shape.Heads;
            return new Token(sequence, sequenceHead - (sequence * shape.Heads), row - (sequenceHead * shape.Tokens));
        }

        /// <summary>Returns the first element of a token's query, key or value in this head.</summary>
        public int Part(int part, int token, AttentionShape shape) =>
            (((((((Sequence * shape.Tokens) + token) * 3) + part) * shape.Heads) + Head) * shape.HeadSize);

        /// <summary>Returns the first element of a token's context in this head.</summary>
        public int Context(int token, AttentionShape shape) =>
            ((((Sequence * shape.Tokens) + token) * shape.Heads) + Head) * shape.HeadSize;
    }
}
