using System.Numerics;
using System.Runtime.CompilerServices;
using GenSomAttn.Model.Metrics;

namespace GenSomAttn.Model.Clustering;

/// <summary>
/// A block of consecutive codes, transposed to (D, codes) for SIMD: each instruction computes one vector of codes, and the order of
/// summation does not depend on a code's position. It also holds the responsibilities of the mixture's components for its codes; most
/// components have none in a block of similar codes.
/// </summary>
internal sealed class CodeBlock
{
    /// <summary>Codes of a block: with D = 32 elements of 8 bytes they take 8 kB of the L1 cache.</summary>
    public const int Size = 32;

    private const int RowsAtOnce = 8;
    private const double MinShare = 1e-8; // smaller ones are dropped: over 60,000 codes they sum to less than 0.001 of a code
    private static readonly double Negligible = -Math.Log(MinShare);

    private readonly double[] _columns; // (D, Size); zero-padded after the last code
    private readonly int _dimension;
    private int[] _components = []; // with a responsibility for some code, ascending
    private double[] _shares = []; // responsibilities, (components, Size); zero-padded after the last code

    /// <summary>Copies a block of codes; the last block may have fewer than <see cref="Size"/>.</summary>
    /// <param name="codes">(N, D).</param>
    /// <param name="first">Index of the block's first code.</param>
    public CodeBlock(Rows<float> codes, int first)
    {
        Count = Math.Min(Size, codes.Count - first);
        _dimension = codes.Dimension;
        _columns = new double[_dimension * Size];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<float> code = codes[first + i];
            for (int d = 0; d < _dimension; d++)
            {
                _columns[(d * Size) + i] = code[d];
            }
        }
    }

    /// <summary>Number of codes.</summary>
    public int Count { get; }

    /// <summary>Components of the mixture with a responsibility for some code of the block, ascending.</summary>
    public ReadOnlySpan<int> Components => _components;

    /// <summary>Accumulates the codes, weighted by responsibilities, in the moments of a component.</summary>
    /// <param name="at">Index of the component in <see cref="Components"/>.</param>
    /// <param name="moments">Moments of that component.</param>
    /// <param name="scratch">(2, D + 1, <see cref="Size"/>), zero before the first call.</param>
    public void AddTo(int at, WeightedMoments moments, double[] scratch)
    {
        Span<double> deviations = scratch.AsSpan(0, scratch.Length / 2);
        Span<double> weighted = scratch.AsSpan(scratch.Length / 2);
        ReadOnlySpan<double> shares = _shares.AsSpan(at * Size, Size);
        foreach (double share in shares)
        {
            moments.Weight += share;
        }

        for (int d = 0; d < _dimension; d++)
        {
            ReadOnlySpan<double> column = _columns.AsSpan(d * Size, Size);
            var about = new Vector<double>(moments.About[d]);
            Vector<double> sum = default;
            for (int i = 0; i < Size; i += Vector<double>.Count)
            {
                Vector<double> deviation = new Vector<double>(column[i..]) - about;
                Vector<double> counted = deviation * new Vector<double>(shares[i..]);
                deviation.CopyTo(deviations[((d * Size) + i)..]);
                counted.CopyTo(weighted[((d * Size) + i)..]);
                sum += counted;
            }

            moments.First[d] += Vector.Sum(sum);
        }

        // A row of zeros follows the last row, for the second row of the last pair.
        for (int row = 0; row < _dimension; row += 2)
        {
            for (int column = 0; column <= row + 1; column += 4)
            {
                AddProducts(weighted, deviations, row, column, moments.Second);
            }
        }
    }

    /// <summary>Assigns each code to one component with responsibility 1.</summary>
    /// <param name="owners">(<see cref="Count"/>), the component of each code.</param>
    public void Assign(ReadOnlySpan<int> owners)
    {
        _components = [.. new SortedSet<int>(owners.ToArray())];
        _shares = new double[_components.Length * Size];
        for (int i = 0; i < Count; i++)
        {
            _shares[(Array.BinarySearch(_components, owners[i]) * Size) + i] = 1;
        }
    }

    /// <summary>
    /// Computes the responsibilities of the components for each code (E step) from their densities. Components with a responsibility
    /// before come first: beside their densities, most others are negligible after a few terms of |A x - b|².
    /// </summary>
    /// <param name="densities">(K).</param>
    /// <param name="logs">Scratch, (K, <see cref="Size"/>).</param>
    /// <returns>Log-likelihood of the block: the sum over the codes of the logarithm of the sum of the densities.</returns>
    public double Share(NormalDensity[] densities, double[] logs)
    {
        Span<double> largest = stackalloc double[Size];
        largest[..Count].Fill(double.NegativeInfinity);
        largest[Count..].Fill(double.PositiveInfinity); // padding: every component is negligible
        var found = new List<int>();
        bool[] isSeen = new bool[densities.Length];
        foreach (int k in _components.Concat(Enumerable.Range(0, densities.Length)))
        {
            if (!isSeen[k] && TryLogDensity(densities[k], logs.AsSpan(k * Size, Size), largest))
            {
                found.Add(k);
            }

            isSeen[k] = true;
        }

        found.Sort();
        return Normalize(found, logs, largest);
    }

    /// <summary>
    /// Computes logs[i] = ln density of code i and updates the largest of each code; returns false if it is negligible for all codes.
    /// </summary>
    private bool TryLogDensity(in NormalDensity density, Span<double> logs, Span<double> largest)
    {
        logs.Clear();
        var constant = new Vector<double>(density.Constant);
        for (int row = 0; row < _dimension; row += RowsAtOnce)
        {
            AddSquares(density, row, Math.Min(row + RowsAtOnce, _dimension), logs);
            bool isNegligible = true;
            for (int i = 0; i < Size; i += Vector<double>.Count)
            {
                Vector<double> log = constant - (0.5 * new Vector<double>(logs[i..]));
                isNegligible &= Vector.LessThanAll(log, new Vector<double>(largest[i..]) - new Vector<double>(Negligible));
            }

            if (isNegligible)
            {
                return false;
            }
        }

        for (int i = 0; i < Size; i += Vector<double>.Count)
        {
            Vector<double> log = constant - (0.5 * new Vector<double>(logs[i..]));
            log.CopyTo(logs[i..]);
            Vector.Max(log, new Vector<double>(largest[i..])).CopyTo(largest[i..]);
        }

        return true;
    }

    /// <summary>Computes squared[i] += Σ over rows from firstRow to endRow - 1 of (A xᵢ - b)², with xᵢ code i of the block.</summary>
    private void AddSquares(in NormalDensity density, int firstRow, int endRow, Span<double> squared)
    {
        // Register blocking, two rows by four vectors: each loaded vector is used twice, and eight independent accumulators hide the
        // latency of the additions. The innermost loop has no bounds checks, which would take most of its time.
        nuint lanes = (nuint)Vector<double>.Count;
        for (int i = 0; i < Size; i += 4 * Vector<double>.Count)
        {
            ref double columns = ref _columns[i];
            ref double sums = ref squared[i];
            Vector<double> s0 = Vector.LoadUnsafe(ref sums);
            Vector<double> s1 = Vector.LoadUnsafe(ref sums, lanes);
            Vector<double> s2 = Vector.LoadUnsafe(ref sums, 2 * lanes);
            Vector<double> s3 = Vector.LoadUnsafe(ref sums, 3 * lanes);
            for (int row = firstRow; row < endRow; row += 2)
            {
                ref double upper = ref density.Inverse[row * _dimension];
                ref double lower = ref density.Inverse[(row + 1) * _dimension];
                var u0 = new Vector<double>(-density.Center[row]);
                var l0 = new Vector<double>(-density.Center[row + 1]);
                Vector<double> u1 = u0, u2 = u0, u3 = u0, l1 = l0, l2 = l0, l3 = l0;
                nuint end = (nuint)Math.Min(row + 2, _dimension);
                for (nuint column = 0; column < end; column++)
                {
                    Vector<double> c0 = Vector.LoadUnsafe(ref columns, column * Size);
                    Vector<double> c1 = Vector.LoadUnsafe(ref columns, (column * Size) + lanes);
                    Vector<double> c2 = Vector.LoadUnsafe(ref columns, (column * Size) + (2 * lanes));
                    Vector<double> c3 = Vector.LoadUnsafe(ref columns, (column * Size) + (3 * lanes));
                    var factor = new Vector<double>(Unsafe.Add(ref upper, column));
                    u0 = Vector.MultiplyAddEstimate(factor, c0, u0);
                    u1 = Vector.MultiplyAddEstimate(factor, c1, u1);
                    u2 = Vector.MultiplyAddEstimate(factor, c2, u2);
                    u3 = Vector.MultiplyAddEstimate(factor, c3, u3);
                    factor = new Vector<double>(Unsafe.Add(ref lower, column));
                    l0 = Vector.MultiplyAddEstimate(factor, c0, l0);
                    l1 = Vector.MultiplyAddEstimate(factor, c1, l1);
                    l2 = Vector.MultiplyAddEstimate(factor, c2, l2);
                    l3 = Vector.MultiplyAddEstimate(factor, c3, l3);
                }

                s0 += (u0 * u0) + (l0 * l0);
                s1 += (u1 * u1) + (l1 * l1);
                s2 += (u2 * u2) + (l2 * l2);
                s3 += (u3 * u3) + (l3 * l3);
            }

            s0.StoreUnsafe(ref sums);
            s1.StoreUnsafe(ref sums, lanes);
            s2.StoreUnsafe(ref sums, 2 * lanes);
            s3.StoreUnsafe(ref sums, 3 * lanes);
        }
    }

    /// <summary>Computes sums[r, c] += weighted[r] · deviations[c] for two rows and four columns, on and below the diagonal.</summary>
    private void AddProducts(Span<double> weighted, Span<double> deviations, int row, int column, double[] sums)
    {
        int last = row + 1; // columns past it repeat it
        ref double r0 = ref weighted[row * Size];
        ref double r1 = ref weighted[(row + 1) * Size];
        ref double c0 = ref deviations[column * Size];
        ref double c1 = ref deviations[Math.Min(column + 1, last) * Size];
        ref double c2 = ref deviations[Math.Min(column + 2, last) * Size];
        ref double c3 = ref deviations[Math.Min(column + 3, last) * Size];
        Vector<double> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector<double> s10 = default, s11 = default, s12 = default, s13 = default;
        for (nuint i = 0; i < Size; i += (nuint)Vector<double>.Count)
        {
            Vector<double> a = Vector.LoadUnsafe(ref r0, i);
            Vector<double> b = Vector.LoadUnsafe(ref r1, i);
            Vector<double> c = Vector.LoadUnsafe(ref c0, i);
            s00 = Vector.MultiplyAddEstimate(a, c, s00);
            s10 = Vector.MultiplyAddEstimate(b, c, s10);
            c = Vector.LoadUnsafe(ref c1, i);
            s01 = Vector.MultiplyAddEstimate(a, c, s01);
            s11 = Vector.MultiplyAddEstimate(b, c, s11);
            c = Vector.LoadUnsafe(ref c2, i);
            s02 = Vector.MultiplyAddEstimate(a, c, s02);
            s12 = Vector.MultiplyAddEstimate(b, c, s12);
            c = Vector.LoadUnsafe(ref c3, i);
            s03 = Vector.MultiplyAddEstimate(a, c, s03);
            s13 = Vector.MultiplyAddEstimate(b, c, s13);
        }

        Add(sums, row, column, [Vector.Sum(s00), Vector.Sum(s01), Vector.Sum(s02), Vector.Sum(s03)]);
        Add(sums, row + 1, column, [Vector.Sum(s10), Vector.Sum(s11), Vector.Sum(s12), Vector.Sum(s13)]);
    }

    private void Add(double[] sums, int row, int column, ReadOnlySpan<double> products)
    {
        for (int i = 0; i < products.Length && column + i <= row && row < _dimension; i++)
        {
            sums[(row * _dimension) + column + i] += products[i];
        }
    }

    /// <summary>Normalizes log-densities to responsibilities (softmax over components) and drops components below MinShare.</summary>
    private double Normalize(List<int> found, double[] logs, ReadOnlySpan<double> largest)
    {
        Span<double> sums = stackalloc double[Size];
        sums[Count..].Fill(1); // leaves the padding zero
        foreach (int k in found)
        {
            Span<double> values = logs.AsSpan(k * Size, Size);
            for (int i = 0; i < Size; i += Vector<double>.Count)
            {
                Vector<double> density = Vector.Exp(new Vector<double>(values[i..]) - new Vector<double>(largest[i..]));
                density.CopyTo(values[i..]);
                (new Vector<double>(sums[i..]) + density).CopyTo(sums[i..]);
            }
        }

        foreach (int k in found)
        {
            Span<double> values = logs.AsSpan(k * Size, Size);
            for (int i = 0; i < Size; i += Vector<double>.Count)
            {
                (new Vector<double>(values[i..]) / new Vector<double>(sums[i..])).CopyTo(values[i..]);
            }
        }

        _components = [.. found.Where(k => logs.AsSpan(k * Size, Size).ContainsAnyInRange(MinShare, 1))];
        _shares = new double[_components.Length * Size];
        for (int at = 0; at < _components.Length; at++)
        {
            logs.AsSpan(_components[at] * Size, Size).CopyTo(_shares.AsSpan(at * Size));
        }

        double likelihood = 0;
        for (int i = 0; i < Count; i++)
        {
            likelihood += largest[i] + Math.Log(sums[i]);
        }

        return likelihood;
    }
}
