using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

// The map: BMU search, batch update and online update.
internal sealed partial class IlgpuBackend
{
    /// <summary>
    /// Minimum number of samples for the tiled search on a GPU and on the simulator; fewer samples get one group each. The simulator's
    /// limit is lower, because one group per sample has more barriers.
    /// </summary>
    private const int ManySamples = 4096, ManySimulatedSamples = 16;

    /// <inheritdoc/>
    public void BestMatchingUnits(
        DeviceView<float> input, DeviceView<float> codebook, SomShape shape,
        DeviceView<int> bmu, DeviceView<int> second, DeviceView<float> squaredDistances)
    {
        OpChecks.BestMatchingUnits(input, codebook, shape, bmu, second, squaredDistances);
        if (_device.Kind == IlgpuKind.Simulator && shape.Samples >= ManySimulatedSamples)
        {
            Search(BestMatchingUnitsKernels.TileOfSamples<Side4>, 4);
        }
        else if (_device.Kind != IlgpuKind.Simulator && GroupSize == 256 && shape.Samples >= ManySamples)
        {
            Search(BestMatchingUnitsKernels.TileOfSamples<Side16>, 16);
        }
        else
        {
            Launch(
                Groups(shape.Samples), BestMatchingUnitsKernels.OneSample, On(input), On(codebook), shape, On(bmu), On(second),
                On(squaredDistances));
        }

        void Search(
            Action<ArrayView<float>, ArrayView<float>, SomShape, ArrayView<int>, ArrayView<int>, ArrayView<float>> kernel, int side) =>
            Launch(
                new KernelConfig(Tiles(shape.Samples, side), side * side), kernel, On(input), On(codebook), shape, On(bmu), On(second),
                On(squaredDistances));
    }

    /// <inheritdoc/>
    public void SomUpdateBatch(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, DeviceView<float> rates,
        DeviceView<float> workspace, DeviceView<float> codebook)
    {
        OpChecks.SomUpdateBatch(input, bmu, shape, rates, workspace, codebook);
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

    /// <inheritdoc/>
    public void SomUpdateOnline(DeviceView<float> input, SomShape shape, DeviceView<float> rates, DeviceView<float> codebook)
    {
        OpChecks.SomUpdateOnline(input, shape, rates, codebook);
        Launch(Groups(1), SomUpdateKernels.Online, On(input), shape, On(rates), On(codebook));
    }
}
