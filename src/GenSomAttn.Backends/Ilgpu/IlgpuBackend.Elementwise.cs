using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Factors;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

// Sums, biases, fills and samples of Gaussians.
internal sealed partial class IlgpuBackend
{
    /// <summary>Rows that one group sums at least, and groups that share the rows at most.</summary>
    private const int LeastRowsOfBlock = 1024, MostBlocks = 64;

    /// <inheritdoc/>
    public void Add(DeviceView<float> left, DeviceView<float> right, DeviceView<float> sum)
    {
        OpChecks.Add(left, right, sum);
        Launch(ThreadFor(sum.Length), ElementwiseKernels.Add, On(left), On(right), On(sum));
    }

    /// <inheritdoc/>
    public void Fill(float value, DeviceView<float> output) => Launch(ThreadFor(output.Length), ElementwiseKernels.Fill, value, On(output));

    /// <inheritdoc/>
    public void BiasForward(DeviceView<float> input, DeviceView<float> bias, RowsShape shape, DeviceView<float> output)
    {
        OpChecks.BiasForward(input, bias, shape, output);
        Launch(ThreadFor(output.Length), BiasKernels.Forward, On(input), On(bias), new Divisor(shape.Length), On(output));
    }

    /// <inheritdoc/>
    public void BiasBackward(DeviceView<float> dOutput, RowsShape shape, DeviceView<float> dBias)
    {
        OpChecks.BiasBackward(dOutput, shape, dBias);
        AddColumnSums(new ElementTerm(On(dOutput), shape.Length), shape, On(dBias));
    }

    /// <inheritdoc/>
    public void GaussianSampleForward(
        DeviceView<float> mean, DeviceView<float> logVariance, DeviceView<float> noise, DeviceView<float> sample)
    {
        OpChecks.GaussianSampleForward(mean, logVariance, noise, sample);
        Launch(ThreadFor(sample.Length), ElementwiseKernels.GaussianSample, On(mean), On(logVariance), On(noise), On(sample));
    }

    /// <inheritdoc/>
    public void GaussianSampleBackward(
        DeviceView<float> dSample, DeviceView<float> logVariance, DeviceView<float> noise,
        DeviceView<float> dMean, DeviceView<float> dLogVariance)
    {
        OpChecks.GaussianSampleBackward(dSample, logVariance, noise, dMean, dLogVariance);
        Launch(
            ThreadFor(dSample.Length), ElementwiseKernels.GaussianSampleGradient, On(dSample), On(logVariance), On(noise),
            On(dMean), On(dLogVariance));
    }

    /// <summary>sums[column] += Σ over the rows of a term; many rows in blocks whose sums are summed in their order.</summary>
    private void AddColumnSums<TTerm>(TTerm term, RowsShape shape, ArrayView<float> sums)
        where TTerm : struct, IColumnTerm
    {
        int across = Math.Min(PowerOfTwoFrom(shape.Length), Math.Min(GroupSize, 32));
        int groups = DivideUp(shape.Length, across);
        int blocks = Math.Clamp(shape.Rows / LeastRowsOfBlock, 1, Math.Min(MostBlocks, Math.Max(1, WorkspaceLength / shape.Length)));
        int rowsPerBlock = DivideUp(shape.Rows, blocks);
        KernelConfig config = new(new Index2D(groups, blocks), new Index2D(GroupSize, 1));
        if (blocks == 1)
        {
            Launch(config, ColumnSumKernels.Sum, term, shape.Rows, shape.Length, across, rowsPerBlock, 1, sums);
            return;
        }

        ArrayView<float> parts = Workspace(blocks * shape.Length);
        Launch(config, ColumnSumKernels.Sum, term, shape.Rows, shape.Length, across, rowsPerBlock, 0, parts);
        MatrixOutput output = new(sums, ArrayView<float>.Empty, shape.Length, 0, true);
        Launch(ThreadFor(shape.Length), MatrixProductKernels.SumParts, parts, blocks, shape.Length, shape.Length, output);
    }
}
