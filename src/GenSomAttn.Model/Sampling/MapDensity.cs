using GenSomAttn.Model.Baselines;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Model.Sampling;

/// <summary>
/// The latent vectors of the training images as a mixture of normal distributions, one for each unit of the map. It begins with how often
/// the unit wins, and with the mean and the covariance of what it wins, and is refined by expectation and maximization: borders between
/// units are sharp and normal distributions are not, so that without it their samples overlap too much.
/// </summary>
public sealed class MapDensity
{
    private readonly int[] _hits;
    private readonly Lazy<GaussianMixture> _mixture; // those who ask for the hits alone do not wait for it

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

    /// <summary>Images that each unit wins.</summary>
    public ReadOnlySpan<int> Hits => _hits;

    /// <summary>Fits the distributions to the codes of the training images.</summary>
    /// <param name="images">The training images on the map.</param>
    /// <param name="units">U.</param>
    public static MapDensity Fit(CodedImages images, int units)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new MapDensity(images, units);
    }

    /// <summary>The unit that a fraction falls to where each has its share of the way from 0 to 1.</summary>
    /// <param name="fraction">In [0, 1).</param>
    public int UnitAt(double fraction) => _mixture.Value.ComponentAt(fraction);

    /// <summary>code = mean + temperature · L · noise, L Lᵀ the covariance.</summary>
    /// <param name="unit">A unit that wins at least one image.</param>
    /// <param name="noise">ε, (D).</param>
    /// <param name="temperature">Scale of the deviations; 1 for the fitted distribution.</param>
    /// <param name="code">(D).</param>
    /// <exception cref="ArgumentException">The unit wins no image.</exception>
    public void Transform(int unit, ReadOnlySpan<float> noise, double temperature, Span<float> code)
    {
        if (_hits[unit] == 0)
        {
            throw new ArgumentException(
                $"Unit {unit} wins no training image, so that it has no density: give another --unit, or --sampler isotropic.");
        }

        _mixture.Value.Transform(unit, noise, temperature, code);
    }
}
