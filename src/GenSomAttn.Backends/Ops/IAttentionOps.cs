using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>
/// The core of multi-head self-attention, between the projections that make query, key and value and the one that mixes
/// the heads (both are linear operations).
/// </summary>
public interface IAttentionOps
{
    /// <summary>Scaled dot-product attention of every head. Overwrites <paramref name="probs"/> and <paramref name="context"/>.</summary>
    /// <param name="queryKeyValue">(N, T, 3C): query, key and value side by side, each with its heads side by side.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="probs">(N, H, T, T), for backward and for pictures.</param>
    /// <param name="context">(N, T, C).</param>
    /// <remarks>
    /// scores[t,u] = scale · query[t]·key[u] with scale = 1/√S; probs = softmax over u; context[t] = Σ over u of probs[t,u] ·
    /// value[u]. Source: Vaswani et al. 2017, section 3.2; PyTorch nn.MultiheadAttention.
    /// </remarks>
    void AttentionForward(DeviceView<float> queryKeyValue, AttentionShape shape, DeviceView<float> probs, DeviceView<float> context);

    /// <summary>Gradient of <see cref="AttentionForward"/>. Overwrites <paramref name="dQueryKeyValue"/>.</summary>
    /// <param name="dContext">Gradient of the loss w.r.t. the context, (N, T, C).</param>
    /// <param name="queryKeyValue">The input given to forward, (N, T, 3C).</param>
    /// <param name="probs">The probabilities that forward saved, (N, H, T, T).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="dQueryKeyValue">(N, T, 3C).</param>
    void AttentionBackward(
        DeviceView<float> dContext, DeviceView<float> queryKeyValue, DeviceView<float> probs, AttentionShape shape,
        DeviceView<float> dQueryKeyValue);
}
