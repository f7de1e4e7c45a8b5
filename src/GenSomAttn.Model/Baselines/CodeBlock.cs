using System.Numerics;
using GenSomAttn.Model.Evaluation;

namespace GenSomAttn.Model.Baselines;

/// <summary>
/// Some consecutive codes, turned so that the same element of all of them lies side by side: what is computed for one code is computed for
/// a vector of them at once, in the same order of sums wherever a code lies.
/// </summary>
internal readonly struct CodeBlock
{
    /// <summary>Codes of a block: with D = 32 elements of 8 bytes they take 8 kB of a first-level cache.</summary>
    public const int Size = 32;

    private readonly double[] _columns; // (D, Size); behind the last code zeros
    private readonly int _dimension;

    /// <summary>Takes the codes from one on; fewer at the end.</summary>
    /// <param name="codes">(N, D).</param>
    /// <param name="first">The first.</param>
    public CodeBlock(Rows<double> codes, int first)
    {
        First = first;
        Count = Math.Min(Size, codes.Count - first);
        _dimension = codes.Dimension;
        _columns = new double[_dimension * Size];
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<double> code = codes[first + i];
            for (int d = 0; d < _dimension; d++)
            {
                _columns[(d * Size) + i] = code[d];
            }
        }
    }

    /// <summary>Number of the first code.</summary>
    public int First { get; }

    /// <summary>Codes.</summary>
    public int Count { get; }

    /// <summary>squared[i] = |A x - b|² of code x number i of the block.</summary>
    /// <param name="lower">A, (D, D), row by row; nothing above its diagonal is looked at.</param>
    /// <param name="center">b, (D).</param>
    /// <param name="squared">(<see cref="Size"/>).</param>
    public void SquaredLengths(ReadOnlySpan<double> lower, ReadOnlySpan<double> center, Span<double> squared)
    {
        // Four vectors of sums: an addition has to wait for the one before it, and four of them wait together.
        int lanes = Vector<double>.Count;
        for (int i = 0; i < Size; i += 4 * lanes)
        {
            Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
            for (int row = 0; row < _dimension; row++)
            {
                var d0 = new Vector<double>(-center[row]);
                Vector<double> d1 = d0, d2 = d0, d3 = d0;
                ReadOnlySpan<double> factors = lower.Slice(row * _dimension, row + 1);
                for (int column = 0; column < factors.Length; column++)
                {
                    var factor = new Vector<double>(factors[column]);
                    ReadOnlySpan<double> values = _columns.AsSpan((column * Size) + i, 4 * lanes);
                    d0 = Vector.MultiplyAddEstimate(factor, new Vector<double>(values), d0);
                    d1 = Vector.MultiplyAddEstimate(factor, new Vector<double>(values[lanes..]), d1);
                    d2 = Vector.MultiplyAddEstimate(factor, new Vector<double>(values[(2 * lanes)..]), d2);
                    d3 = Vector.MultiplyAddEstimate(factor, new Vector<double>(values[(3 * lanes)..]), d3);
                }

                s0 = Vector.MultiplyAddEstimate(d0, d0, s0);
                s1 = Vector.MultiplyAddEstimate(d1, d1, s1);
                s2 = Vector.MultiplyAddEstimate(d2, d2, s2);
                s3 = Vector.MultiplyAddEstimate(d3, d3, s3);
            }

            s0.CopyTo(squared[i..]);
            s1.CopyTo(squared[(i + lanes)..]);
            s2.CopyTo(squared[(i + (2 * lanes))..]);
            s3.CopyTo(squared[(i + (3 * lanes))..]);
        }
    }
}
