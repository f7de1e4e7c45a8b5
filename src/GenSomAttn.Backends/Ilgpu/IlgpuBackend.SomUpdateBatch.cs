using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <inheritdoc/>
    protected override void SomUpdateBatchCore(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, DeviceView<float> rates,
        DeviceView<float> workspace, DeviceView<float> codebook)
    {
        if (!shape.IsSeparable)
        {
            Launch(
                OneThreadPerElement(shape.CodebookLength), SomUpdateKernels.UpdateFromSamples, On(input), On(bmu), shape, On(rates),
                On(codebook));
            return;
        }

        ArrayView<float> statistics = On(workspace);
        Launch(OneThreadPerElement(shape.BatchWorkspaceLength), SomUpdateKernels.AccumulateHits, On(input), On(bmu), shape, statistics);

        // The workspace limits how many elements are smoothed at once, beside the hits.
        int most = Math.Clamp((WorkspaceLength / shape.Units) - 1, 1, shape.Dimension);
        for (int first = 0; first < shape.Dimension; first += most)
        {
            int count = Math.Min(most, shape.Dimension - first);
            int numbers = shape.Units * (count + 1);
            ArrayView<float> spread = Workspace(numbers);
            Launch(OneThreadPerElement(numbers), SomUpdateKernels.SmoothRows, statistics, shape, On(rates), first, count, spread);
            Launch(
                OneThreadPerElement(shape.Units * count), SomUpdateKernels.SmoothColumnsAndUpdate, spread, shape, On(rates), first, count,
                On(codebook));
        }
    }
}
