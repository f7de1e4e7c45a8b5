using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

public abstract partial class Backend<T>
{
    /// <summary>Best and second-best matching unit of each sample by Euclidean distance. Overwrites its outputs.</summary>
    /// <param name="input">(N, D).</param>
    /// <param name="codebook">(U, D).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="bmu">(N), the nearest unit; of equals the lowest.</param>
    /// <param name="second">(N), the nearest of the other units; of equals the lowest; -1 on a map of one unit.</param>
    /// <param name="squaredDistances">
    /// (N, 2), squared distances to both, summed directly over (x - w)²; infinity where there is no second.
    /// </param>
    /// <remarks>
    /// NaN never wins. If no distance is finite, units 0 and 1 are reported with distances that are not finite. The search may rank units
    /// by |w|² - 2 x·w, but the two distances are computed directly, so that near zero they are not rounding errors.
    /// Limit of the tie rule: SIMD ranks six samples and more by that matrix product and settles ties exactly between the two ranked
    /// winners alone. A third unit at the same exact distance, whose rank rounded up, cannot win there. Equal codebook vectors, and
    /// coordinates that are small whole numbers, rank exactly; the reference and the GPU kernels sum every distance directly.
    /// </remarks>
    public void BestMatchingUnits(
        DeviceView<T> input, DeviceView<T> codebook, SomShape shape,
        DeviceView<int> bmu, DeviceView<int> second, DeviceView<T> squaredDistances)
    {
        using OperationCall call = Contract(shape)
            .Reads(input, shape.InputLength).Reads(codebook, shape.CodebookLength)
            .Writes(bmu, shape.Samples).Writes(second, shape.Samples).Writes(squaredDistances, 2 * shape.Samples).Begin(shape.SearchFlops);
        BestMatchingUnitsCore(input, codebook, shape, bmu, second, squaredDistances);
    }

    /// <summary>Computes <see cref="BestMatchingUnits"/>.</summary>
    protected abstract void BestMatchingUnitsCore(
        DeviceView<T> input, DeviceView<T> codebook, SomShape shape,
        DeviceView<int> bmu, DeviceView<int> second, DeviceView<T> squaredDistances);
}
