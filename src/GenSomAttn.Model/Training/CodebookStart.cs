using GenSomAttn.Model.Data;
using GenSomAttn.Model.Metrics;
using GenSomAttn.Model.Networks;
using GenSomAttn.Model.Settings;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace GenSomAttn.Model.Training;

/// <summary>Initial codebooks that depend on the training images.</summary>
internal static class CodebookStart
{
    /// <summary>Images whose codes the principal components are of.</summary>
    private const int PcaImages = 2000;

    /// <summary>Sets the codebook of a model whose parameters have their initial values.</summary>
    /// <param name="model">A model with a map; on another nothing happens.</param>
    /// <param name="images">The training images.</param>
    public static void Apply(ImageModel model, ImageSet images)
    {
        CodebookInit init = model.Settings.MapOptions?.Init ?? CodebookInit.Random;
        if (model.Map is { } map && init != CodebookInit.Random)
        {
            int wanted = init == CodebookInit.Sample ? map.Units : PcaImages;
            int[] chosen = Subset.Draw(images.Count, Math.Min(wanted, images.Count), model.Settings.Seed);
            var codes = new Rows<float>(CodedImages.Of(model, images.At(chosen)).Codes, map.Dimension);
            map.Codebook.CopyFrom(init == CodebookInit.Sample ? Cycle(codes, map.Units) : Plane(codes, map.Height, map.Width));
        }
    }

    /// <summary>Returns one code for each unit; with fewer codes than units, from the first on again.</summary>
    public static float[] Cycle(Rows<float> codes, int units)
    {
        float[] codebook = new float[units * codes.Dimension];
        for (int unit = 0; unit < units; unit++)
        {
            codes[unit % codes.Count].CopyTo(codebook.AsSpan(unit * codes.Dimension));
        }

        return codebook;
    }

    /// <summary>
    /// Returns mean + a(i) √λ₁ e₁ + b(i) √λ₂ e₂, with e the first two principal components of the codes, λ their variances, and a and b
    /// from -1 to 1 along the longer and the shorter side of the map. Source: Kohonen, Self-Organizing Maps, 3rd ed., 2001, section 3.7.
    /// </summary>
    /// <remarks>The element of largest magnitude of each component is positive, so that the sign does not depend on the solver.</remarks>
    public static float[] Plane(Rows<float> codes, int height, int width)
    {
        (double[] mean, Matrix<double> covariance) = Moments(codes);
        Evd<double> parts = covariance.Evd(Symmetricity.Symmetric);
        Vector<double> first = Axis(parts, fromLast: 1), second = Axis(parts, fromLast: 2);
        (Vector<double> down, Vector<double> across) = height > width ? (first, second) : (second, first);
        float[] codebook = new float[height * width * codes.Dimension];
        for (int i = 0; i < codebook.Length; i++)
        {
            (int unit, int d) = Math.DivRem(i, codes.Dimension);
            (int row, int column) = Math.DivRem(unit, width);
            codebook[i] = (float)(mean[d] + (Place(row, height) * down[d]) + (Place(column, width) * across[d]));
        }

        return codebook;
    }

    private static (double[] Mean, Matrix<double> Covariance) Moments(Rows<float> codes)
    {
        double[] mean = new double[codes.Dimension];
        Matrix<double> centered = DenseMatrix.Create(codes.Count, codes.Dimension, (n, d) => codes[n][d]);
        for (int d = 0; d < mean.Length; d++)
        {
            mean[d] = centered.Column(d).Sum() / codes.Count;
            centered.SetColumn(d, centered.Column(d) - mean[d]);
        }

        return (mean, centered.TransposeThisAndMultiply(centered) / codes.Count);
    }

    /// <summary>Returns √λ e of a component, counted from the largest; zeros where the codes have fewer dimensions.</summary>
    private static Vector<double> Axis(Evd<double> parts, int fromLast)
    {
        int dimension = parts.EigenVectors.RowCount;
        if (fromLast > dimension)
        {
            return new DenseVector(dimension);
        }

        Vector<double> axis = parts.EigenVectors.Column(dimension - fromLast);
        double deviation = Math.Sqrt(Math.Max(0, parts.EigenValues[dimension - fromLast].Real));
        return axis * (axis[axis.AbsoluteMaximumIndex()] < 0 ? -deviation : deviation);
    }

    /// <summary>Returns the place of a row or column from -1 to 1; 0 where there is only one.</summary>
    private static double Place(int index, int count) => count == 1 ? 0 : (2.0 * index / (count - 1)) - 1;
}
