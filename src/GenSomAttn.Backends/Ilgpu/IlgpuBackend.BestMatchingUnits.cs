using GenSomAttn.Kernels;
using GenSomAttn.Kernels.Shapes;
using ILGPU;

namespace GenSomAttn.Backends.Ilgpu;

internal sealed partial class IlgpuBackend
{
    /// <summary>
    /// Minimum number of samples for the tiled search on a GPU and on the simulator; fewer samples get one group each. The simulator's
    /// limit is lower, because one group per sample has more barriers.
    /// </summary>
    private const int ManySamples = 4096, ManySimulatedSamples = 16;

    /// <inheritdoc/>
    protected override void BestMatchingUnitsCore(
        DeviceView<float> input, DeviceView<float> codebook, SomShape shape,
        DeviceView<int> bmu, DeviceView<int> second, DeviceView<float> squaredDistances)
    {
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
}
