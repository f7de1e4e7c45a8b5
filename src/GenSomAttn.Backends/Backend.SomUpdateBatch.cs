using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>Mini-batch Kohonen update of the codebook. Updates <paramref name="codebook"/> in place.</summary>
    /// <param name="input">(N, D).</param>
    /// <param name="bmu">(N), winners in the codebook before the update.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="rates">
    /// (2): learning rate η of one sample, in (0, 1], and neighborhood width σ in grid cells; on the device because they change from step
    /// to step.
    /// </param>
    /// <param name="workspace">U·(D + 1) elements.</param>
    /// <param name="codebook">(U, D).</param>
    /// <remarks>
    /// With h(i, j) the neighborhood function (<see cref="NeighborhoodKind"/>; exp(-d² / 2σ²) by default) of units at grid distance d:
    /// a_i = Σ over samples of h(i, bmu); t_i = Σ h(i, bmu) v / a_i; W_i += (1 - (1-η)^min(a_i, 50)) (t_i - W_i). The exponent is the
    /// number of samples that a unit has in effect seen; 50 keeps a crowded unit from jumping. A unit with a_i ≤ 0 keeps its vector: it
    /// has seen nothing, or the negative part of a Mexican hat prevails, which weakens the attraction of other samples but never repels.
    /// Source: Kohonen, Self-Organizing Maps, 3rd ed., 2001, chapter 3.
    /// </remarks>
    public void SomUpdateBatch(
        DeviceView<T> input, DeviceView<int> bmu, SomShape shape, DeviceView<T> rates, DeviceView<T> workspace, DeviceView<T> codebook)
    {
        using OperationCall call = Contract(shape)
            .Reads(input, shape.InputLength).Reads(bmu, shape.Samples).Uses(rates, 2).Uses(workspace, shape.BatchWorkspaceLength)
            .Updates(codebook, shape.CodebookLength).Begin(shape.BatchUpdateFlops);
        SomUpdateBatchCore(input, bmu, shape, rates, workspace, codebook);
    }

    /// <summary>Computes <see cref="SomUpdateBatch"/>.</summary>
    protected abstract void SomUpdateBatchCore(
        DeviceView<T> input, DeviceView<int> bmu, SomShape shape, DeviceView<T> rates, DeviceView<T> workspace, DeviceView<T> codebook);
}
