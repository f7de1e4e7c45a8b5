using System.Numerics;

namespace GenSomAttn.Model.Metrics;

/// <summary>Search among distances of which nearly all are too large to matter.</summary>
internal static class Bounds
{
    /// <summary>Finds the next distance that is below a common bound or below its own.</summary>
    /// <param name="distances">The distances.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="common">Bound of all.</param>
    /// <param name="own">Bound of each.</param>
    /// <returns>Its index; the number of distances if there is none.</returns>
    public static int NextBelow(ReadOnlySpan<double> distances, int start, double common, ReadOnlySpan<double> own)
    {
        int i = start;
        var ofAll = new Vector<double>(common);
        while (i <= distances.Length - Vector<double>.Count
            && Vector.GreaterThanOrEqualAll(new Vector<double>(distances[i..]), Vector.Max(ofAll, new Vector<double>(own[i..]))))
        {
            i += Vector<double>.Count;
        }

        while (i < distances.Length && distances[i] >= common && distances[i] >= own[i])
        {
            i++;
        }

        return i;
    }
}
