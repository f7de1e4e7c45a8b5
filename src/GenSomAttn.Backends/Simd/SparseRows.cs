namespace GenSomAttn.Backends.Simd;

/// <summary>
/// A small sparse matrix that combines rows of channels: target row t = Σ over its terms of factor · source row. Compressed
/// rows: the terms of row t are Starts[t] to Starts[t + 1].
/// </summary>
internal sealed unsafe class SparseRows
{
    private readonly PinnedTable<int> _starts;
    private readonly PinnedTable<int> _sources;
    private readonly PinnedTable<float> _factors;

    /// <summary>A matrix of so many target rows from its terms, in any order.</summary>
    public SparseRows(int targets, IEnumerable<Term> terms)
    {
        Term[] sorted = [.. terms.OrderBy(term => term.Target).ThenBy(term => term.Source)];
        int[] starts = new int[targets + 1];
        foreach (Term term in sorted)
        {
            starts[term.Target + 1]++;
        }

        for (int target = 0; target < targets; target++)
        {
            starts[target + 1] += starts[target];
        }

        Count = targets;
        _starts = new PinnedTable<int>(starts);
        _sources = new PinnedTable<int>([.. sorted.Select(term => term.Source)]);
        _factors = new PinnedTable<float>([.. sorted.Select(term => term.Factor)]);
    }

    /// <summary>Target rows.</summary>
    public int Count { get; }

    /// <summary>The matrix for a job; valid as long as this object is referenced.</summary>
    public View AsView() => new(Count, _starts.Address, _sources.Address, _factors.Address);

    /// <summary>One entry of the matrix.</summary>
    public readonly record struct Term(int Target, int Source, float Factor)
    {
        /// <summary>The entry in the transposed matrix.</summary>
        public Term Transposed => new(Source, Target, Factor);
    }

    /// <summary>The matrix as addresses.</summary>
    public readonly struct View(int count, int* starts, int* sources, float* factors)
    {
        /// <summary>Target rows.</summary>
        public int Count { get; } = count;

        /// <summary>target[t] = bias + Σ terms of factor · source[row] for rows of some channels.</summary>
        /// <param name="source">Rows that are combined.</param>
        /// <param name="channels">Floats of a row.</param>
        /// <param name="bias">What each row starts from, (channels).</param>
        /// <param name="target">All target rows, overwritten.</param>
        public void Combine<TVector>(float* source, int channels, float* bias, float* target)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            int half = TVector.Count;
            for (int t = 0; t < Count; t++, target += channels)
            {
                int first = starts[t], end = starts[t + 1];
                int c = 0;
                for (; c <= channels - (2 * half); c += 2 * half)
                {
                    TVector low = TVector.Load(bias + c), high = TVector.Load(bias + c + half);
                    for (int term = first; term < end; term++)
                    {
                        var factor = TVector.Splat(factors[term]);
                        float* row = source + ((nint)sources[term] * channels) + c;
                        low = TVector.MultiplyAdd(factor, TVector.Load(row), low);
                        high = TVector.MultiplyAdd(factor, TVector.Load(row + half), high);
                    }

                    low.Store(target + c);
                    high.Store(target + c + half);
                }

                for (; c < channels; c++)
                {
                    float sum = bias[c];
                    for (int term = first; term < end; term++)
                    {
                        sum = float.MultiplyAddEstimate(factors[term], source[((nint)sources[term] * channels) + c], sum);
                    }

                    target[c] = sum;
                }
            }
        }
    }
}
