using GenSomAttn.Kernels;
using GenSomAttn.Model.Evaluation;
using GenSomAttn.Model.Sampling;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace GenSomAttn.Model.Baselines;

/// <summary>
/// A mixture of K normal distributions with full covariances, fitted to codes by expectation and maximization: the usual way to sample
/// from an autoencoder, begun by k-means, and that of a map (<see cref="MapDensity"/>), begun by what its units win.
/// </summary>
/// <remarks>
/// Covariances are shrunk (<see cref="CovarianceShrinkage"/>), so that those of few codes are positive definite; because of it a step may
/// lower the likelihood a little. Each is kept as its Cholesky factor L: mean + L ε has that covariance for standard normal ε.
/// Source: Dempster, Laird and Rubin 1977; first means and shares by k-means, as scikit-learn.
/// </remarks>
public sealed class GaussianMixture
{
    private const double LeastGain = 1e-3;
    private const int MostSteps = 100;
    private const double LeastResponsibility = 1e-12; // of less, 60,000 codes together weigh nothing; most responsibilities are less
    private const double LeastCount = 1e-10; // keeps a component that lost all its codes finite, as scikit-learn does
    private readonly int _dimension;
    private readonly double[] _weights;
    private readonly double[] _means;
    private readonly Matrix<double>[] _factors;

    private GaussianMixture(int components, int dimension)
    {
        _dimension = dimension;
        _weights = new double[components];
        _means = new double[components * dimension];
        _factors = new Matrix<double>[components];
    }

    /// <summary>(K), the share of each distribution.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>(K, D).</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>Steps that were taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Fits a mixture that begins with the clusters of k-means.</summary>
    /// <param name="codes">(N, D).</param>
    /// <param name="components">K.</param>
    /// <param name="seed">Draws the first centers of k-means.</param>
    /// <exception cref="ArgumentException">There are fewer different codes than components.</exception>
    public static GaussianMixture Fit(Rows<float> codes, int components, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return Fit(codes, components, KMeans.Fit(codes, components, seed).Assign(codes).Index);
    }

    /// <summary>Fits a mixture, until a step changes the mean log-likelihood of a code by less than 0.001, or for 100 steps.</summary>
    /// <param name="codes">(N, D).</param>
    /// <param name="components">K.</param>
    /// <param name="first">(N), to which distribution each code belongs at first.</param>
    public static GaussianMixture Fit(Rows<float> codes, int components, IReadOnlyList<int> first)
    {
        ArgumentNullException.ThrowIfNull(codes);
        ArgumentNullException.ThrowIfNull(first);

        Rows<double> wide = codes.Widened();
        var mixture = new GaussianMixture(components, codes.Dimension);
        double[] responsibilities = new double[codes.Count * components];
        for (int n = 0; n < codes.Count; n++)
        {
            responsibilities[(n * components) + first[n]] = 1;
        }

        mixture.Maximize(wide, responsibilities);
        double before = double.NegativeInfinity;
        while (mixture.Steps < MostSteps)
        {
            double likelihood = mixture.Expect(wide, responsibilities);
            if (Math.Abs(likelihood - before) < LeastGain)
            {
                break;
            }

            mixture.Maximize(wide, responsibilities);
            mixture.Steps++;
            before = likelihood;
        }

        return mixture;
    }

    /// <summary>Mean over codes of the natural logarithm of the mixture's density.</summary>
    /// <param name="codes">(N, D).</param>
    /// <exception cref="ArgumentException">The codes have another dimension.</exception>
    public double MeanLogLikelihood(Rows<float> codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        return Expect(codes.Widened(), new double[codes.Count * _weights.Length]);
    }

    /// <summary>Draws codes, (count, D): a component by its weight, then mean + temperature · L ε with standard normal ε.</summary>
    /// <param name="count">Number of codes.</param>
    /// <param name="seed">Chooses components and noise.</param>
    /// <param name="temperature">Scale of the deviations; 1 for the fitted distribution.</param>
    public float[] Sample(int count, ulong seed, double temperature = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        float[] codes = new float[count * _dimension];
        float[] noise = new float[_dimension];
        for (int n = 0; n < count; n++)
        {
            int component = ComponentAt(Philox.Uniform(new RandomKey(seed, RandomPurpose.SampleUnit, 0), (uint)n));
            for (int d = 0; d < _dimension; d++)
            {
                noise[d] = Philox.Normal(new RandomKey(seed, RandomPurpose.SampleNoise, 0), (uint)((n * _dimension) + d));
            }

            Place(component, noise, temperature, codes.AsSpan(n * _dimension, _dimension));
        }

        return codes;
    }

    /// <summary>code = mean + temperature · L · noise.</summary>
    /// <param name="component">Which distribution.</param>
    /// <param name="noise">ε, (D).</param>
    /// <param name="temperature">Scale of the deviations; 1 for the fitted distribution.</param>
    /// <param name="code">(D).</param>
    public void Place(int component, ReadOnlySpan<float> noise, double temperature, Span<float> code)
    {
        Matrix<double> factor = _factors[component];
        for (int row = 0; row < code.Length; row++)
        {
            double deviation = 0;
            for (int column = 0; column <= row; column++)
            {
                deviation += factor[row, column] * noise[column];
            }

            code[row] = (float)(_means[(component * _dimension) + row] + (temperature * deviation));
        }
    }

    /// <summary>The distribution that a fraction falls to where each has its weight of the way from 0 to 1.</summary>
    /// <param name="fraction">In [0, 1).</param>
    public int ComponentAt(double fraction)
    {
        int component = 0;
        for (double rest = fraction - _weights[0]; rest >= 0 && component < _weights.Length - 1; rest -= _weights[component])
        {
            component++;
        }

        return component;
    }

    /// <summary>responsibilities[n, k] = the chance that code n comes from distribution k.</summary>
    /// <returns>The mean log-likelihood.</returns>
    private double Expect(Rows<double> codes, double[] responsibilities)
    {
        // ln w N(x; m, L Lᵀ) = ln w - (D/2) ln 2π - ln det L - |L⁻¹ x - L⁻¹ m|² / 2
        int components = _weights.Length;
        double[] constants = new double[components];
        double[][] inverses = new double[components][];
        double[][] centers = new double[components][];
        for (int k = 0; k < components; k++)
        {
            Matrix<double> inverse = _factors[k].Inverse();
            inverses[k] = inverse.ToRowMajorArray();
            centers[k] = inverse.Multiply(Vector<double>.Build.Dense(_means[(k * _dimension)..((k + 1) * _dimension)])).ToArray();
            constants[k] = Math.Log(_weights[k]) - (0.5 * _dimension * Math.Log(2 * Math.PI)) - _factors[k].Diagonal().Sum(Math.Log);
        }

        double[] likelihoods = new double[codes.Count];
        Parallel.For(0, (codes.Count + CodeBlock.Size - 1) / CodeBlock.Size, number =>
        {
            var block = new CodeBlock(codes, number * CodeBlock.Size);
            Span<double> squared = stackalloc double[CodeBlock.Size];
            for (int k = 0; k < components; k++)
            {
                block.SquaredLengths(inverses[k], centers[k], squared);
                for (int i = 0; i < block.Count; i++)
                {
                    responsibilities[((block.First + i) * components) + k] = -0.5 * squared[i];
                }
            }

            for (int n = block.First; n < block.First + block.Count; n++)
            {
                likelihoods[n] = Normalize(responsibilities.AsSpan(n * components, components), constants);
            }
        });
        return likelihoods.Average();
    }

    /// <summary>Turns logarithms of densities, less their constants, into shares of 1; returns the logarithm of the sum of the densities.</summary>
    private static double Normalize(Span<double> values, double[] constants)
    {
        double largest = double.NegativeInfinity;
        for (int k = 0; k < values.Length; k++)
        {
            values[k] += constants[k];
            largest = Math.Max(largest, values[k]);
        }

        double sum = 0;
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = Math.Exp(values[k] - largest);
            sum += values[k];
        }

        for (int k = 0; k < values.Length; k++)
        {
            values[k] /= sum;
        }

        return largest + Math.Log(sum);
    }

    /// <summary>Weights, means and covariances of the codes, each counted by its responsibilities.</summary>
    private void Maximize(Rows<double> codes, double[] responsibilities)
    {
        int components = _weights.Length;
        List<int>[] membersOf = Members(responsibilities, components);
        Parallel.For(0, components, k =>
        {
            int[] members = [.. membersOf[k]];
            double[] shares = [.. members.Select(n => responsibilities[(n * components) + k])];
            double sum = shares.Sum();
            double count = LeastCount + sum;
            double[] mean = new double[_dimension];
            for (int i = 0; i < members.Length; i++)
            {
                ReadOnlySpan<double> code = codes[members[i]];
                for (int d = 0; d < _dimension; d++)
                {
                    mean[d] += shares[i] * code[d] / count;
                }
            }

            mean.CopyTo(_means, k * _dimension);
            _weights[k] = sum / codes.Count; // 0 for one that lost all its codes: it is never drawn
            _factors[k] = Covariance(codes, members, shares, mean, count).Cholesky().Factor;
        });
        double total = _weights.Sum();
        for (int k = 0; k < components; k++)
        {
            _weights[k] /= total;
        }
    }

    /// <summary>The codes that weigh something in each distribution.</summary>
    private static List<int>[] Members(double[] responsibilities, int components)
    {
        List<int>[] members = [.. Enumerable.Range(0, components).Select(_ => new List<int>())];
        for (int i = 0; i < responsibilities.Length; i++)
        {
            if (responsibilities[i] > LeastResponsibility)
            {
                members[i % components].Add(i / components);
            }
        }

        return members;
    }

    private static DenseMatrix Covariance(Rows<double> codes, int[] members, double[] shares, double[] mean, double count)
    {
        int dimension = mean.Length;
        int width = Math.Max(1, members.Length); // without codes a column of 0
        double[] deviations = new double[dimension * width]; // (D, members): then the covariance is a product of rows
        for (int i = 0; i < members.Length; i++)
        {
            double scale = Math.Sqrt(shares[i] / count);
            ReadOnlySpan<double> code = codes[members[i]];
            for (int d = 0; d < dimension; d++)
            {
                deviations[(d * width) + i] = scale * (code[d] - mean[d]);
            }
        }

        var rows = new Rows<double>(deviations, width);
        Rows<double> covariance = RowProducts.Of(rows, rows);
        return CovarianceShrinkage.Shrunk(dimension, count, (row, column) => covariance[row][column]);
    }
}
