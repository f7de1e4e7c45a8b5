using GenSomAttn.Model.Evaluation;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace GenSomAttn.Model.Sampling;

/// <summary>
/// The latent vectors of the training images as a mixture of normal distributions, one for each unit of the map: how often the unit
/// wins, and the mean and the covariance of what it wins.
/// </summary>
/// <remarks>
/// A covariance of n samples is shrunk towards its diagonal, see <see cref="CovarianceShrinkage"/>, so that it is positive definite for
/// any n. It is kept as its Cholesky factor L: mean + L ε has that covariance for standard normal ε.
/// </remarks>
public sealed class MapDensity
{
    private readonly int[] _hits;
    private readonly double[]?[] _means;
    private readonly Matrix<double>?[] _factors;

    private MapDensity(int units)
    {
        _hits = new int[units];
        _means = new double[]?[units];
        _factors = new Matrix<double>?[units];
    }

    /// <summary>Images that each unit wins.</summary>
    public ReadOnlySpan<int> Hits => _hits;

    /// <summary>Fits the distributions to the codes of the training images.</summary>
    /// <param name="images">The training images on the map.</param>
    /// <param name="units">U.</param>
    public static MapDensity Fit(CodedImages images, int units)
    {
        ArgumentNullException.ThrowIfNull(images);
        int dimension = images.Codes.Length / images.Bmu.Length;
        var density = new MapDensity(units);
        ILookup<int, int> imagesByUnit = Enumerable.Range(0, images.Bmu.Length).ToLookup(n => images.Bmu.Span[n]);
        foreach (IGrouping<int, int> group in imagesByUnit)
        {
            int[] members = [.. group];
            double[] mean = Mean(images.Codes.Span, members, dimension);
            density._hits[group.Key] = members.Length;
            density._means[group.Key] = mean;
            density._factors[group.Key] = ShrunkCovariance(images.Codes, members, mean).Cholesky().Factor;
        }

        return density;
    }

    /// <summary>code = mean + temperature · L · noise.</summary>
    /// <param name="unit">A unit that wins at least one image.</param>
    /// <param name="noise">ε, (D).</param>
    /// <param name="temperature">Scale of the deviations; 1 for the fitted distribution.</param>
    /// <param name="code">(D).</param>
    /// <exception cref="ArgumentException">The unit wins no image.</exception>
    public void Place(int unit, ReadOnlySpan<float> noise, double temperature, Span<float> code)
    {
        if (_means[unit] is not { } mean || _factors[unit] is not { } factor)
        {
            throw new ArgumentException($"Unit {unit} wins no training image, so that it has no density to sample from.");
        }

        for (int row = 0; row < code.Length; row++)
        {
            double deviation = 0;
            for (int column = 0; column <= row; column++)
            {
                deviation += factor[row, column] * noise[column];
            }

            code[row] = (float)(mean[row] + (temperature * deviation));
        }
    }

    private static double[] Mean(ReadOnlySpan<float> codes, int[] members, int dimension)
    {
        double[] mean = new double[dimension];
        foreach (int n in members)
        {
            for (int d = 0; d < dimension; d++)
            {
                mean[d] += codes[(n * dimension) + d] / (double)members.Length;
            }
        }

        return mean;
    }

    private static DenseMatrix ShrunkCovariance(ReadOnlyMemory<float> codes, int[] members, double[] mean)
    {
        int dimension = mean.Length;
        return CovarianceShrinkage.Shrunk(dimension, members.Length, (row, column) =>
        {
            ReadOnlySpan<float> values = codes.Span;
            double sum = 0;
            foreach (int n in members)
            {
                int start = n * dimension;
                sum += (values[start + row] - mean[row]) * (values[start + column] - mean[column]);
            }

            return sum / members.Length;
        });
    }
}
