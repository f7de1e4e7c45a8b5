using GenSomAttn.Model.Metrics;
using GenSomAttn.Tests.Support;

namespace GenSomAttn.Tests.Evaluation;

/// <summary>Sets of random feature vectors.</summary>
internal static class Features
{
    /// <summary>Draws standard normal numbers, (count, dimension); each stream is independent.</summary>
    public static Rows<double> Normal(int count, int dimension, uint stream, double scale = 1, double shift = 0) =>
        new(Draw.Normal(count * dimension, stream).Select(x => (scale * x) + shift).ToArray(), dimension);

    /// <summary>Maps each number of a set.</summary>
    public static Rows<double> Changed(Rows<double> rows, Func<double, int, double> change) =>
        new(rows.Values.ToArray().Select(change).ToArray(), rows.Dimension);

    /// <summary>Returns the vectors in reverse order.</summary>
    public static Rows<double> Reversed(Rows<double> rows) => rows.Select([.. Enumerable.Range(0, rows.Count).Reverse()]);

    /// <summary>Computes the squared distance as a plain sum.</summary>
    public static double SquaredDistance(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int d = 0; d < x.Length; d++)
        {
            sum += (x[d] - y[d]) * (x[d] - y[d]);
        }

        return sum;
    }
}
