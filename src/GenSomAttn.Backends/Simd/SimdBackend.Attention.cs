using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends.Simd;

// Scaled dot-product attention: threads share the sequences; within one, heads are small and a head is plain loops.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <inheritdoc/>
    public void AttentionForward(
        DeviceView<float> queryKeyValue, AttentionShape shape, DeviceView<float> probs, DeviceView<float> context)
    {
        OpChecks.AttentionForward(queryKeyValue, shape, probs, context);
        AttentionJob job = default;
        job.QueryKeyValue = queryKeyValue.Address();
        job.Shape = shape;
        job.Probs = probs.Address();
        job.Context = context.Address();
        _pool.Run(job, shape.Batch);
    }

    /// <inheritdoc/>
    public void AttentionBackward(
        DeviceView<float> dContext, DeviceView<float> queryKeyValue, DeviceView<float> probs, AttentionShape shape,
        DeviceView<float> dQueryKeyValue)
    {
        OpChecks.AttentionBackward(dContext, queryKeyValue, probs, shape, dQueryKeyValue);
        AttentionGradientJob job = default;
        job.DContext = dContext.Address();
        job.QueryKeyValue = queryKeyValue.Address();
        job.Probs = probs.Address();
        job.Shape = shape;
        job.DQueryKeyValue = dQueryKeyValue.Address();
        job.Scratch = _workspace.PerWorker(shape.Tokens);
        _pool.Run(job, shape.Batch);
    }

    /// <summary>One item is one sequence.</summary>
    private struct AttentionJob : IJob
    {
        public float* QueryKeyValue;
        public AttentionShape Shape;
        public float* Probs;
        public float* Context;

        public readonly void Execute(int item, int worker)
        {
            int tokens = Shape.Tokens, width = Shape.Width, size = Shape.HeadSize;
            float scale = 1 / MathF.Sqrt(size);
            for (int head = 0; head < Shape.Heads; head++)
            {
                float* query = QueryKeyValue + ((long)item * tokens * 3 * width) + (head * size);
                float* key = query + width, value = key + width;
                float* probs = Probs + ((((long)item * Shape.Heads) + head) * tokens * tokens);
                float* context = Context + ((long)item * tokens * width) + (head * size);
                for (int t = 0; t < tokens; t++, probs += tokens, context += width)
                {
                    // scores[t,u] = scale · query[t]·key[u]; probs = softmax over u; context[t] = Σ over u of probs[t,u] · value[u]
                    for (int u = 0; u < tokens; u++)
                    {
                        probs[u] = scale * ShortRows<TVector>.Dot(query + (t * 3 * width), key + (u * 3 * width), size);
                    }

                    Softmax(probs, tokens, probs);
                    new Span<float>(context, size).Clear();
                    for (int u = 0; u < tokens; u++)
                    {
                        ShortRows<TVector>.AddScaled(probs[u], value + (u * 3 * width), size, context);
                    }
                }
            }
        }
    }

    /// <summary>One item is one sequence.</summary>
    private struct AttentionGradientJob : IJob
    {
        public float* DContext;
        public float* QueryKeyValue;
        public float* Probs;
        public AttentionShape Shape;
        public float* DQueryKeyValue;
        public WorkerScratch Scratch;

        public readonly void Execute(int item, int worker)
        {
            int tokens = Shape.Tokens, width = Shape.Width, size = Shape.HeadSize, stride = 3 * Shape.Width;
            long start = (long)item * tokens * stride;
            float scale = 1 / MathF.Sqrt(size);
            float* dScores = Scratch.For(worker);
            new Span<float>(DQueryKeyValue + start, tokens * stride).Clear();
            for (int head = 0; head < Shape.Heads; head++)
            {
                float* query = QueryKeyValue + start + (head * size);
                float* key = query + width, value = key + width;
                float* dQuery = DQueryKeyValue + start + (head * size);
                float* dKey = dQuery + width, dValue = dKey + width;
                float* probs = Probs + ((((long)item * Shape.Heads) + head) * tokens * tokens);
                float* dContext = DContext + ((long)item * tokens * width) + (head * size);
                for (int t = 0; t < tokens; t++, probs += tokens, dContext += width)
                {
                    // forward: context[t] = Σ over u of probs[t,u] · value[u]
                    for (int u = 0; u < tokens; u++)
                    {
                        dScores[u] = ShortRows<TVector>.Dot(dContext, value + (u * stride), size);
                        ShortRows<TVector>.AddScaled(probs[u], dContext, size, dValue + (u * stride));
                    }

                    // forward: probs = softmax over u of scores
                    SoftmaxGradient(dScores, probs, tokens, dScores);

                    // forward: scores[t,u] = scale · query[t]·key[u]
                    for (int u = 0; u < tokens; u++)
                    {
                        ShortRows<TVector>.AddScaled(scale * dScores[u], key + (u * stride), size, dQuery + (t * stride));
                        ShortRows<TVector>.AddScaled(scale * dScores[u], query + (t * stride), size, dKey + (u * stride));
                    }
                }
            }
        }
    }
}
