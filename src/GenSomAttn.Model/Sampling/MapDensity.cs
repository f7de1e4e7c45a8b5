using GenSomAttn.Model.Clustering;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Sampling;

/// <summary>
/// Density of the training images' codes: a mixture of normal distributions, one per unit of the map. It is initialized with the hits of
/// each unit and the mean and covariance of its codes, and refined by expectation-maximization (EM): Voronoi cells have sharp borders and
/// normal distributions do not, so that without EM their samples overlap too much.
/// </summary>
public sealed class MapDensity
{
    private readonly int[] _hits;
    private readonly Lazy<GaussianMixture> _mixture; // not fitted if only the hits are used

    private MapDensity(CodedImages images, int units)
    {
        int[] winners = images.Bmu.ToArray();
        _hits = new int[units];
        foreach (int unit in winners)
        {
            _hits[unit]++;
        }

        var codes = new Rows<float>(images.Codes, images.Codes.Length / winners.Length);
        _mixture = new Lazy<GaussianMixture>(() => GaussianMixture.Fit(codes, units, winners));
    }

    /// <summary>Hits of each unit: the number of images whose BMU it is.</summary>
    public ReadOnlySpan<int> Hits => _hits;

    /// <summary>The mixture; a component without hits has the weight 0.</summary>
    public GaussianMixture Mixture => _mixture.Value;

    /// <summary>Fits the mixture to the codes of the training images.</summary>
    /// <param name="images">Codes and BMUs of the training images.</param>
    /// <param name="units">U.</param>
    public static MapDensity Fit(CodedImages images, int units)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new MapDensity(images, units);
    }

    /// <summary>Returns the unit at a quantile of the cumulative weights (inverse transform sampling).</summary>
    /// <param name="fraction">In [0, 1).</param>
    public int UnitAt(double fraction) => Mixture.ComponentAt(fraction);

    /// <summary>Computes an affine sample of a unit's component: code = mean + temperature · L · noise, L Lᵀ the covariance.</summary>
    /// <param name="unit">A unit with at least one hit.</param>
    /// <param name="noise">ε, (D).</param>
    /// <param name="temperature">Scale of the deviations; 1 for the fitted distribution.</param>
    /// <param name="code">(D).</param>
    /// <exception cref="ArgumentException">The unit has no hits.</exception>
    public void Transform(int unit, ReadOnlySpan<float> noise, double temperature, Span<float> code)
    {
        if (_hits[unit] == 0)
        {
            (SettingName other, SettingName sampler) = (new("Unit"), new("Sampler"));
            throw new SettingException(
                $"Unit {unit} wins no training image, so that it has no density: give another {other}, or {sampler} isotropic.");
        }

        Mixture.Transform(unit, noise, temperature, code);
    }
}
