using GenSomAttn.Model.Metrics;
using MathNet.Numerics.LinearAlgebra;

namespace GenSomAttn.Tests.Baselines;

/// <summary>EM written as the formulas, code by code and with every responsibility: the reference for the fast implementation.</summary>
internal sealed class PlainMixture
{
    private readonly Rows<float> _codes;
    private readonly double[][] _shares; // (N, K)
    private readonly Matrix<double>[] _covariances;

    /// <summary>Initializes with each code assigned to one component.</summary>
    public PlainMixture(Rows<float> codes, int components, int[] first)
    {
        _codes = codes;
        _shares = [.. first.Select(owner => Enumerable.Range(0, components).Select(k => k == owner ? 1.0 : 0).ToArray())];
        _covariances = new Matrix<double>[components];
        Weights = new double[components];
        Means = new double[components][];
        Maximize();
    }

    /// <summary>(K).</summary>
    public double[] Weights { get; }

    /// <summary>(K, D).</summary>
    public double[][] Means { get; }

    /// <summary>One EM step: responsibilities from the densities (E step), then weighted moments of each component (M step).</summary>
    public void Step()
    {
        for (int n = 0; n < _codes.Count; n++)
        {
            double[] densities = Densities(n);
            _shares[n] = [.. densities.Select(density => density / densities.Sum())];
        }

        Maximize();
    }

    /// <summary>Returns the mean log-likelihood of the codes.</summary>
    public double MeanLogLikelihood() => Enumerable.Range(0, _codes.Count).Average(n => Math.Log(Densities(n).Sum()));

    private double[] Densities(int n) => [.. Enumerable.Range(0, Weights.Length).Select(k =>
    {
        Vector<double> x = Deviation(n, k);
        double distance = x * _covariances[k].Inverse() * x;
        return Weights[k] * Math.Exp(-0.5 * distance)
            / Math.Sqrt(Math.Pow(2 * Math.PI, _codes.Dimension) * _covariances[k].Determinant());
    })];

    private Vector<double> Deviation(int n, int k) =>
        Vector<double>.Build.DenseOfEnumerable(Means[k].Select((mean, d) => _codes[n][d] - mean));

    private void Maximize()
    {
        for (int k = 0; k < Weights.Length; k++)
        {
            double count = _shares.Sum(shares => shares[k]);
            Weights[k] = count / _codes.Count;
            Means[k] = [.. Enumerable.Range(0, _codes.Dimension).Select(d =>
                Enumerable.Range(0, _codes.Count).Sum(n => _shares[n][k] * _codes[n][d]) / count)];
            var covariance = Matrix<double>.Build.Dense(_codes.Dimension, _codes.Dimension);
            for (int n = 0; n < _codes.Count; n++)
            {
                Vector<double> x = Deviation(n, k);
                covariance += _shares[n][k] / count * x.OuterProduct(x);
            }

            // Off the diagonal times n / (n + 32); on it plus 10⁻⁶.
            _covariances[k] = covariance.MapIndexed((row, column, value) => row == column ? value + 1e-6 : value * count / (count + 32));
        }
    }
}
