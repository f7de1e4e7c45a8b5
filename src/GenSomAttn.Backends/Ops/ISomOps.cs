using GenSomAttn.Kernels.Shapes;

namespace GenSomAttn.Backends;

/// <summary>
/// The self-organizing map. Neighborhood of two units at grid distance d (cells): h = exp(-d² / 2σ²).
/// Source: Kohonen, Self-Organizing Maps, 3rd ed., 2001, chapter 3.
/// </summary>
public interface ISomOps
{
    /// <summary>
    /// Best and second-best matching unit of each sample by Euclidean distance. Overwrites its outputs.
    /// </summary>
    /// <param name="input">(N, D).</param>
    /// <param name="codebook">(U, D).</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="bmu">(N), the nearest unit; of equals the lowest.</param>
    /// <param name="second">(N), the nearest of the other units; of equals the lowest; -1 on a map of one unit.</param>
    /// <param name="squaredDistances">(N, 2), squared distances to both, summed directly over (x - w)²; infinity where there is no second.</param>
    /// <remarks>
    /// The search may rank units by |w|² - 2 x·w, but the two distances are computed directly, so that near zero they are not rounding
    /// errors. If no distance is finite, units 0 and 1 are reported with distances that are not finite.
    /// </remarks>
    void BestMatchingUnits(
        DeviceView<float> input, DeviceView<float> codebook, SomShape shape,
        DeviceView<int> bmu, DeviceView<int> second, DeviceView<float> squaredDistances);

    /// <summary>Mini-batch Kohonen update of the codebook. Updates <paramref name="codebook"/> in place.</summary>
    /// <param name="input">(N, D).</param>
    /// <param name="bmu">(N), winners in the codebook before the update.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="rates">(2): η of one sample, in (0, 1], and σ, spread of the neighborhood in grid cells; on the device because they change from step to step.</param>
    /// <param name="workspace">U·(D + 1) elements.</param>
    /// <param name="codebook">(U, D).</param>
    /// <remarks>
    /// a_i = Σ over samples of h(i, bmu); t_i = Σ h(i, bmu) v / a_i; W_i += (1 - (1-η)^min(a_i, 50)) (t_i - W_i); a_i = 0 leaves
    /// W_i. The exponent is the number of samples that a unit has in effect seen; 50 keeps a crowded unit from jumping.
    /// </remarks>
    void SomUpdateBatch(
        DeviceView<float> input, DeviceView<int> bmu, SomShape shape, DeviceView<float> rates,
        DeviceView<float> workspace, DeviceView<float> codebook);

    /// <summary>
    /// Kohonen's online rule, one sample after another, each with its winner in the codebook as it then stands: W_i += η h(i, bmu)
    /// (v - W_i). Updates <paramref name="codebook"/> in place.
    /// </summary>
    void SomUpdateOnline(DeviceView<float> input, SomShape shape, DeviceView<float> rates, DeviceView<float> codebook);
}
