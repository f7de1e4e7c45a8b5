namespace GenSomAttn.Model.Baselines;

/// <summary>How many of some vectors are different: no more centers, distributions or units than these can each stand for one.</summary>
internal static class DifferentVectors
{
    /// <summary>Counts equal vectors once.</summary>
    /// <param name="values">(N, D).</param>
    /// <param name="dimension">D.</param>
    /// <param name="most">Where to stop counting.</param>
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

    /// <summary>The reason for fewer: "there are only 3 different codes".</summary>
    /// <param name="count">How many are different.</param>
    /// <param name="name">What one is called.</param>
    public static string Only(int count, string name) =>
        $"there {(count == 1 ? "is" : "are")} only {Counted(count, $"different {name}")}";

    /// <summary>"1 center", "2 centers".</summary>
    /// <param name="count">How many.</param>
    /// <param name="name">What one is called.</param>
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
