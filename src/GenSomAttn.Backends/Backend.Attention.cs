using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

// The core of multi-head self-attention, between the projections that make query, key and value and the one that mixes the heads (both
// are linear operations).
public abstract partial class Backend<T>
{
    /// <summary>Scaled dot-product attention of every head. Overwrites <paramref name="probs"/> and <paramref name="context"/>.</summary>
    /// <param name="queryKeyValue">(N, T, 3C): query, key and value side by side, each with its heads side by side.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="probs">(N, H, T, T), for backward and for pictures.</param>
    /// <param name="context">(N, T, C).</param>
    /// <remarks>
    /// Per sequence and head, with scale = 1/√S: (1) scores[t,u] = scale · query[t]·key[u]; (2) probs[t,:] = softmax(scores[t,:]);
    /// (3) context[t] = Σ over u of probs[t,u] · value[u]. Source: Vaswani et al. 2017, section 3.2; PyTorch nn.MultiheadAttention.
    /// </remarks>
    public void AttentionForward(DeviceView<T> queryKeyValue, AttentionShape shape, DeviceView<T> probs, DeviceView<T> context)
    {
        using OperationCall call = Contract(shape)
            .Reads(queryKeyValue, shape.QueryKeyValueLength)
            .Writes(probs, shape.ProbsLength).Writes(context, shape.ContextLength).Begin(shape.ForwardFlops);
        AttentionForwardCore(queryKeyValue, shape, probs, context);
    }

    /// <summary>Gradient of <see cref="AttentionForward"/>. Overwrites <paramref name="dQueryKeyValue"/>.</summary>
    /// <param name="dContext">Gradient of the loss w.r.t. the context, (N, T, C).</param>
    /// <param name="queryKeyValue">The input of forward, (N, T, 3C).</param>
    /// <param name="probs">The probabilities that forward saved, (N, H, T, T).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dQueryKeyValue">(N, T, 3C).</param>
    /// <remarks>
    /// The three steps of forward in reverse, per sequence and head:
    /// (3) dProbs[t,u] = dContext[t]·value[u]; dValue[u] = Σ over t of probs[t,u] · dContext[t];
    /// (2) dScores[t,u] = probs[t,u] · (dProbs[t,u] - Σ over w of dProbs[t,w] · probs[t,w]) (<see cref="SoftmaxBackward"/>);
    /// (1) dQuery[t] = scale · Σ over u of dScores[t,u] · key[u]; dKey[u] = scale · Σ over t of dScores[t,u] · query[t].
    /// </remarks>
    public void AttentionBackward(
        DeviceView<T> dContext, DeviceView<T> queryKeyValue, DeviceView<T> probs, AttentionShape shape, DeviceView<T> dQueryKeyValue)
    {
        using OperationCall call = Contract(shape)
            .Reads(dContext, shape.ContextLength).Reads(queryKeyValue, shape.QueryKeyValueLength).Reads(probs, shape.ProbsLength)
            .Writes(dQueryKeyValue, shape.QueryKeyValueLength).Begin(shape.BackwardFlops);
        AttentionBackwardCore(dContext, queryKeyValue, probs, shape, dQueryKeyValue);
    }

    /// <summary>Computes <see cref="AttentionForward"/>.</summary>
    protected abstract void AttentionForwardCore(
        DeviceView<T> queryKeyValue, AttentionShape shape, DeviceView<T> probs, DeviceView<T> context);

    /// <summary>Computes <see cref="AttentionBackward"/>.</summary>
    protected abstract void AttentionBackwardCore(
        DeviceView<T> dContext, DeviceView<T> queryKeyValue, DeviceView<T> probs, AttentionShape shape, DeviceView<T> dQueryKeyValue);
}
