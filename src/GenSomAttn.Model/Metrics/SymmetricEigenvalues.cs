using System.Numerics;

namespace GenSomAttn.Model.Metrics;

/// <summary>
/// Eigenvalues of a symmetric matrix, without eigenvectors: Householder reflections make it tridiagonal, and QL iterations with implicit
/// shifts make that diagonal.
/// </summary>
/// <remarks>
/// A reflection reads and writes the rest of the matrix once: the update by one reflection and the product with the next are one pass, so
/// that 2,048 rows, 34 MB, take seconds and not minutes. Source: Golub and Van Loan, "Matrix Computations", 8.3.
/// </remarks>
internal static class SymmetricEigenvalues
{
    private const double MachineEpsilon = 2.220446049250313e-16;

    /// <summary>Most iterations for one eigenvalue; three are usual.</summary>
    private const int MaxIterations = 100;

    /// <summary>Rows from which the threads share a pass.</summary>
    private const int ManyRows = 256;

    /// <summary>Computes the eigenvalues, ascending.</summary>
    /// <param name="symmetric">(D, D).</param>
    public static double[] Of(Rows<double> symmetric)
    {
        int size = symmetric.Count;
        double[] diagonal = new double[size];
        double[] beside = new double[size];
        Tridiagonalize(symmetric.Values.ToArray(), diagonal, beside);
        Diagonalize(diagonal, beside);
        Array.Sort(diagonal);
        return diagonal;
    }

    /// <summary>Computes a tridiagonal matrix with the same eigenvalues: the diagonal, and beside it D - 1 elements and a zero.</summary>
    /// <param name="matrix">(D, D), overwritten.</param>
    /// <param name="diagonal">(D).</param>
    /// <param name="beside">(D).</param>
    private static void Tridiagonalize(double[] matrix, double[] diagonal, double[] beside)
    {
        int size = diagonal.Length;

        // The reflection of a step subtracts v wᵀ + w vᵀ from the rows below; each row is updated when the next step reads it.
        double[] v = new double[size], w = new double[size], next = new double[size], product = new double[size];
        bool isPending = false;
        for (int k = 0; k < size; k++)
        {
            Span<double> row = matrix.AsSpan((k * size) + k, size - k);
            UpdateAndMultiply(row, v[k], w.AsSpan(k), w[k], v.AsSpan(k), next.AsSpan(k));
            diagonal[k] = row[0];
            if (k == size - 1)
            {
                return;
            }

            Span<double> u = next.AsSpan(k + 1);
            row[1..].CopyTo(u);
            (beside[k], double factor) = Reflect(u);
            if (factor == 0 && !isPending)
            {
                continue; // The column is that of a tridiagonal matrix already, and so was the last: those of a diagonal matrix are.
            }

            isPending = factor != 0;
            int first = k + 1;
            void Pass(int i) => product[i] = factor * UpdateAndMultiply(
                matrix.AsSpan((i * size) + first, size - first), v[i], w.AsSpan(first), w[i], v.AsSpan(first), next.AsSpan(first));
            if (size - first >= ManyRows)
            {
                Parallel.For(first, size, Pass);
            }
            else
            {
                for (int i = first; i < size; i++)
                {
                    Pass(i);
                }
            }

            double half = 0.5 * factor * Dot(product.AsSpan(first), u);
            for (int i = first; i < size; i++)
            {
                w[i] = product[i] - (half * next[i]);
            }

            (v, next) = (next, v);
        }
    }

    /// <summary>
    /// Makes of a vector x the vector u of the reflection 1 - factor · u uᵀ that maps x to (element, 0, ..., 0).
    /// </summary>
    private static (double Element, double Factor) Reflect(Span<double> x)
    {
        double rest = Dot(x[1..], x[1..]);
        if (rest == 0)
        {
            double only = x[0];
            x.Clear();
            return (only, 0);
        }

        double element = -Math.CopySign(Math.Sqrt((x[0] * x[0]) + rest), x[0]);
        x[0] -= element;
        return (element, 2 / ((x[0] * x[0]) + rest));
    }

    /// <summary>Computes row -= a · w + b · v; returns its product with u.</summary>
    private static double UpdateAndMultiply(
        Span<double> row, double a, ReadOnlySpan<double> w, double b, ReadOnlySpan<double> v, ReadOnlySpan<double> u)
    {
        Vector<double> sums = default, left = new(a), right = new(b);
        int i = 0;
        for (; i <= row.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> update = (left * new Vector<double>(w[i..])) + (right * new Vector<double>(v[i..]));
            Vector<double> updated = new Vector<double>(row[i..]) - update;
            updated.CopyTo(row[i..]);
            sums += updated * new Vector<double>(u[i..]);
        }

        double sum = Vector.Sum(sums);
        for (; i < row.Length; i++)
        {
            row[i] -= (a * w[i]) + (b * v[i]);
            sum += row[i] * u[i];
        }

        return sum;
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>Replaces the diagonal of a tridiagonal matrix by its eigenvalues, in no order.</summary>
    private static void Diagonalize(double[] diagonal, double[] beside)
    {
        int size = diagonal.Length;

        // What the reflections have rounded away: without this bound, the zeros of a matrix of low rank do not converge.
        double negligible = MachineEpsilon * diagonal.Concat(beside).Max(Math.Abs);
        for (int first = 0; first < size; first++)
        {
            for (int iteration = 0; ; iteration++)
            {
                int last = first;
                while (last < size - 1 && Math.Abs(beside[last]) > negligible)
                {
                    last++;
                }

                if (last == first)
                {
                    break;
                }

                if (iteration == MaxIterations)
                {
                    throw new ArithmeticException($"Eigenvalue {first} of {size} is not found after {MaxIterations} iterations.");
                }

                Sweep(diagonal, beside, first, last);
            }
        }
    }

    /// <summary>One QL iteration, with the shift of Wilkinson, on the block from the first to the last row.</summary>
    private static void Sweep(double[] diagonal, double[] beside, int first, int last)
    {
        double ratio = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first]);
        double shift = diagonal[first] - (beside[first] / (ratio + Math.CopySign(Math.Sqrt((ratio * ratio) + 1), ratio)));
        double bulge = diagonal[last] - shift, sine = 1, cosine = 1, removed = 0;
        for (int i = last - 1; i >= first; i--)
        {
            double across = sine * beside[i], along = cosine * beside[i];
            double length = Math.Sqrt((across * across) + (bulge * bulge));
            beside[i + 1] = length;
            if (length == 0)
            {
                diagonal[i + 1] -= removed;
                beside[last] = 0;
                return;
            }

            sine = across / length;
            cosine = bulge / length;
            double old = diagonal[i + 1] - removed;
            double turned = ((diagonal[i] - old) * sine) + (2 * cosine * along);
            removed = sine * turned;
            diagonal[i + 1] = old + removed;
            bulge = (cosine * turned) - along;
        }

        diagonal[first] -= removed;
        beside[first] = bulge;
        beside[last] = 0;
    }
}
