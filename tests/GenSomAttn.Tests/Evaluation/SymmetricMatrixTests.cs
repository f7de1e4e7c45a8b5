using GenSomAttn.Model.Metrics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using NUnit.Framework;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Eigenvalues and Cholesky factors of symmetric matrices, against MathNet and against their definition.</summary>
public sealed class SymmetricMatrixTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(50)]
    [TestCase(300)]
    public void Eigenvalues_OfASymmetricMatrix_AreThoseOfMathNet(int size)
    {
        DenseMatrix square = Matrix(size, size, 1);
        Matrix<double> symmetric = square + square.Transpose();

        double[] values = SymmetricEigenvalues.Of(new Rows<double>(symmetric.ToRowMajorArray(), size));

        double[] expected = [.. symmetric.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real)];
        Assert.That(values, Is.Ordered);
        Assert.That(values, Is.EqualTo(expected).Within(1e-12 * size));
    }

    [TestCase(128, 1)]
    [TestCase(128, 11)]
    [TestCase(300, 40)]
    public void Eigenvalues_OfLowRank_AreZeroBesideThoseOfTheFactor(int size, int rank)
    {
        DenseMatrix factor = Matrix(rank, size, 4);
        double[] expected = [.. factor.TransposeAndMultiply(factor).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real)];

        double[] values = SymmetricEigenvalues.Of(new Rows<double>(factor.TransposeThisAndMultiply(factor).ToRowMajorArray(), size));

        // Rounding: some 2e-16 of the largest eigenvalue, at most 700.
        Assert.That(values[..^rank], Is.All.EqualTo(0).Within(1e-11));
        Assert.That(values[^rank..], Is.EqualTo(expected).Within(1e-11));
    }

    [Test]
    public void Eigenvalues_OfMatricesWithZeros_AreExact()
    {
        Assert.That(SymmetricEigenvalues.Of(new Rows<double>(new double[16], 4)), Is.EqualTo(new double[4]));
        var diagonal = new Rows<double>(new double[] { 3, 0, 0, 0, 0, 0, 0, 0, -2 }, 3);
        Assert.That(SymmetricEigenvalues.Of(diagonal), Is.EqualTo(new double[] { -2, 0, 3 }));
    }

    [TestCase(40, 40)]
    [TestCase(40, 7)]
    public void Cholesky_OfACovariance_HasItsRankAndIsItsRoot(int size, int rank)
    {
        DenseMatrix factor = Matrix(rank, size, 2);
        Matrix<double> covariance = factor.TransposeThisAndMultiply(factor);

        Rows<double> root = PivotedCholesky.Of(new Rows<double>(covariance.ToRowMajorArray(), size))!;

        DenseMatrix found = Matrix(root);
        Assert.That(root.Count, Is.EqualTo(rank));
        Assert.That((found.TransposeThisAndMultiply(found) - covariance).InfinityNorm(), Is.LessThan(1e-11));
    }

    [Test]
    public void Cholesky_OfZero_IsNone() => Assert.That(PivotedCholesky.Of(new Rows<double>(new double[9], 3)), Is.Null);

    private static DenseMatrix Matrix(int rows, int columns, uint stream) =>
        Matrix(Features.Normal(rows, columns, stream));

    private static DenseMatrix Matrix(Rows<double> rows) =>
        DenseMatrix.Create(rows.Count, rows.Dimension, (row, column) => rows[row][column]);
}
