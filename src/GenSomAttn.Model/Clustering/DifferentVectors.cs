namespace GenSomAttn.Model.Clustering;

/// <summary>Number of distinct vectors: the upper bound for centers, components or units that each represent one.</summary>
internal static class DifferentVectors
{
    /// <summary>Counts the distinct vectors.</summary>
    /// <param name="values">(N, D).</param>
    /// <param name="dimension">D.</param>
    /// <param name="most">Maximum; counting stops there.</param>
    public static int Count<T>(ReadOnlyMemory<T> values, int dimension, int most)
        where T : IEquatable<T>
    {
        var seen = new HashSet<ReadOnlyMemory<T>>(new SameNumbers<T>());
        for (int start = 0; start < values.Length && seen.Count < most; start += dimension)
        {
            seen.Add(values.Slice(start, dimension));
        }

        return seen.Count;
    }

    /// <summary>Returns the reason for a smaller number: "there are only 3 different codes".</summary>
    /// <param name="count">Number of distinct vectors.</param>
    /// <param name="name">Noun, singular.</param>
    public static string Only(int count, string name) =>
        $"there {(count == 1 ? "is" : "are")} only {Counted(count, $"different {name}")}";

    /// <summary>Returns a number with its noun: "1 center", "2 centers".</summary>
    /// <param name="count">The number.</param>
    /// <param name="name">Noun, singular.</param>
    public static string Counted(int count, string name) => count == 1 ? $"1 {name}" : $"{count} {name}s";

    private sealed class SameNumbers<T> : IEqualityComparer<ReadOnlyMemory<T>>
        where T : IEquatable<T>
    {
        public bool Equals(ReadOnlyMemory<T> x, ReadOnlyMemory<T> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<T> values)
        {
            var hash = new HashCode();
            foreach (T value in values.Span)
            {
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}
