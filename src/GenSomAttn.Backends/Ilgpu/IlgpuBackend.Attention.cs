using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

// Attention, a thread for each token of each head of each sequence.
internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void AttentionForwardCore(
        DeviceView<float> queryKeyValue, AttentionShape shape, DeviceView<float> probs, DeviceView<float> context)
    {
        int threads = shape.Batch * shape.Heads * shape.Tokens;
        Launch(OneThreadPerElement(threads), AttentionKernels.Forward, On(queryKeyValue), shape, Scale(shape), On(probs), On(context));
    }

    /// <inheritdoc/>
    protected override void AttentionBackwardCore(
        DeviceView<float> dContext, DeviceView<float> queryKeyValue, DeviceView<float> probs, AttentionShape shape,
        DeviceView<float> dQueryKeyValue)
    {
        // The first kernel passes one number per thread to the second in the workspace, whose size limits the sequences of a launch.
        int threadsOfSequence = shape.Heads * shape.Tokens;
        int most = Math.Clamp(WorkspaceLength / threadsOfSequence, 1, shape.Batch);
        for (int first = 0; first < shape.Batch; first += most)
        {
            AttentionShape part = shape with { Batch = Math.Min(most, shape.Batch - first) };
            AttentionShape before = shape with { Batch = first };
            ArrayView<float> dContextPart = On(dContext.Slice(before.ContextLength, part.ContextLength));
            ArrayView<float> queryKeyValuePart = On(queryKeyValue.Slice(before.QueryKeyValueLength, part.QueryKeyValueLength));
            ArrayView<float> probsPart = On(probs.Slice(before.ProbsLength, part.ProbsLength));
            ArrayView<float> dQueryKeyValuePart = On(dQueryKeyValue.Slice(before.QueryKeyValueLength, part.QueryKeyValueLength));
            int threads = part.Batch * threadsOfSequence;
            ArrayView<float> dots = Workspace(threads);
            Launch(
                OneThreadPerElement(threads), AttentionKernels.BackwardQuery, dContextPart, queryKeyValuePart, probsPart, part,
                Scale(shape), dots, dQueryKeyValuePart);
            Launch(
                OneThreadPerElement(threads), AttentionKernels.BackwardKeyValue, dContextPart, queryKeyValuePart, probsPart, part,
                Scale(shape), dots, dQueryKeyValuePart);
        }
    }

    /// <summary>Computes 1/√S.</summary>
    private static float Scale(AttentionShape shape) => 1 / MathF.Sqrt(shape.HeadSize);
}
