using System.Runtime.CompilerServices;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Winograd;

/// <summary>
/// A small sparse matrix that combines rows of channels: target row t = Σ over its terms of factor · source row. Targets with the same
/// number of terms form a run, so that the loop over terms is unrolled and its branches are predicted (half the time of a loop over terms
/// in the order of the targets). Targets may be split into sections that are combined one at a time.
/// </summary>
internal sealed unsafe class SparseRows
{
    private readonly PinnedTable<Section> _sections;
    private readonly PinnedTable<Run> _runs;
    private readonly PinnedTable<int> _targets;
    private readonly PinnedTable<Term> _terms;

    /// <summary>Creates a matrix from its terms, in any order.</summary>
    /// <param name="targets">Number of target rows.</param>
    /// <param name="terms">Entries that are not zero.</param>
    /// <param name="firstTargets">First target of each section, followed by the number of targets; one section if omitted.</param>
    public SparseRows(int targets, IEnumerable<Term> terms, IReadOnlyList<int>? firstTargets = null)
    {
        firstTargets ??= [0, targets];
        ILookup<int, Term> byTarget = terms.OrderBy(term => term.Source).ToLookup(term => term.Target);
        List<Section> sections = [];
        List<Run> runs = [];
        List<int> order = [];
        List<Term> ordered = [];
        for (int s = 0; s + 1 < firstTargets.Count; s++)
        {
            var byCount = Enumerable.Range(firstTargets[s], firstTargets[s + 1] - firstTargets[s])
                .GroupBy(target => byTarget[target].Count()).OrderBy(run => run.Key).ToList();
            sections.Add(new Section(runs.Count, runs.Count + byCount.Count, order.Count, ordered.Count));
            runs.AddRange(byCount.Select(run => new Run(run.Key, run.Count())));
            order.AddRange(byCount.SelectMany(run => run));
            ordered.AddRange(byCount.SelectMany(run => run).SelectMany(target => byTarget[target]));
        }

        _sections = new PinnedTable<Section>([.. sections]);
        _runs = new PinnedTable<Run>([.. runs]);
        _targets = new PinnedTable<int>([.. order]);
        _terms = new PinnedTable<Term>([.. ordered]);
    }

    /// <summary>Returns the matrix for a job; valid as long as this object is referenced.</summary>
    public View AsView() => new(_sections.Address, _runs.Address, _targets.Address, _terms.Address);

    /// <summary>One entry of the matrix.</summary>
    public readonly record struct Term(int Target, int Source, float Factor)
    {
        /// <summary>The entry in the transposed matrix.</summary>
        public Term Transposed => new(Source, Target, Factor);
    }

    /// <summary>Targets with the same number of terms.</summary>
    public readonly record struct Run(int Terms, int Targets);

    /// <summary>First run, target and term of a section.</summary>
    public readonly record struct Section(int FirstRun, int EndRun, int FirstTarget, int FirstTerm);

    /// <summary>The matrix as addresses.</summary>
    public readonly struct View(Section* sections, Run* runs, int* targets, Term* terms)
    {
        /// <summary>Computes target[t] = bias + Σ terms of factor · source[row] for rows of some channels.</summary>
        /// <param name="section">The section of targets that is computed.</param>
        /// <param name="source">Rows that are combined.</param>
        /// <param name="stride">Floats between two of them.</param>
        /// <param name="channels">Floats of a row.</param>
        /// <param name="bias">Initial value of each row, (channels).</param>
        /// <param name="target">Address of target 0; the targets of the section are overwritten.</param>
        /// <param name="targetStride">Floats between two of them.</param>
        public void Combine<TVector>(
            int section, float* source, int stride, int channels, float* bias, float* target, int targetStride)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            int whole = channels / TVector.Count * TVector.Count;
            int* index = targets + sections[section].FirstTarget;
            Term* term = terms + sections[section].FirstTerm;
            for (int run = sections[section].FirstRun; run < sections[section].EndRun; run++)
            {
                int count = runs[run].Terms;
                for (int* end = index + runs[run].Targets; index < end; index++, term += count)
                {
                    float* row = target + ((nint)(*index) * targetStride);
                    switch (count)
                    {
                        case 1:
                            CombineOne<TVector>(term, source, stride, whole, bias, row);
                            break;
                        case 2:
                            CombineTwo<TVector>(term, source, stride, whole, bias, row);
                            break;
                        case 4:
                            CombineFour<TVector>(term, source, stride, whole, bias, row);
                            break;
                        default:
                            CombineAny<TVector>(term, count, source, stride, whole, bias, row);
                            break;
                    }

                    CombineRest(term, count, source, stride, whole, channels, bias, row);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void CombineOne<TVector>(Term* term, float* source, int stride, int whole, float* bias, float* target)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            float* row = source + ((nint)term->Source * stride);
            var factor = TVector.Splat(term->Factor);
            for (int c = 0; c < whole; c += TVector.Count)
            {
                TVector.MultiplyAdd(factor, TVector.Load(row + c), TVector.Load(bias + c)).Store(target + c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void CombineTwo<TVector>(Term* term, float* source, int stride, int whole, float* bias, float* target)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            float* row0 = source + ((nint)term[0].Source * stride), row1 = source + ((nint)term[1].Source * stride);
            TVector factor0 = TVector.Splat(term[0].Factor), factor1 = TVector.Splat(term[1].Factor);
            for (int c = 0; c < whole; c += TVector.Count)
            {
                TVector sum = TVector.MultiplyAdd(factor0, TVector.Load(row0 + c), TVector.Load(bias + c));
                TVector.MultiplyAdd(factor1, TVector.Load(row1 + c), sum).Store(target + c);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void CombineFour<TVector>(Term* term, float* source, int stride, int whole, float* bias, float* target)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            float* row0 = source + ((nint)term[0].Source * stride), row1 = source + ((nint)term[1].Source * stride);
            float* row2 = source + ((nint)term[2].Source * stride), row3 = source + ((nint)term[3].Source * stride);
            TVector factor0 = TVector.Splat(term[0].Factor), factor1 = TVector.Splat(term[1].Factor);
            TVector factor2 = TVector.Splat(term[2].Factor), factor3 = TVector.Splat(term[3].Factor);
            for (int c = 0; c < whole; c += TVector.Count)
            {
                TVector sum = TVector.MultiplyAdd(factor0, TVector.Load(row0 + c), TVector.Load(bias + c));
                sum = TVector.MultiplyAdd(factor1, TVector.Load(row1 + c), sum);
                sum = TVector.MultiplyAdd(factor2, TVector.Load(row2 + c), sum);
                TVector.MultiplyAdd(factor3, TVector.Load(row3 + c), sum).Store(target + c);
            }
        }

        private static void CombineAny<TVector>(
            Term* term, int count, float* source, int stride, int whole, float* bias, float* target)
            where TVector : unmanaged, ISimdVector<TVector>
        {
            for (int c = 0; c < whole; c += TVector.Count)
            {
                TVector sum = TVector.Load(bias + c);
                for (int t = 0; t < count; t++)
                {
                    float* row = source + ((nint)term[t].Source * stride);
                    sum = TVector.MultiplyAdd(TVector.Splat(term[t].Factor), TVector.Load(row + c), sum);
                }

                sum.Store(target + c);
            }
        }

        /// <summary>Combines the channels that do not fill a vector.</summary>
        private static void CombineRest(
            Term* term, int count, float* source, int stride, int whole, int channels, float* bias, float* target)
        {
            for (int c = whole; c < channels; c++)
            {
                float sum = bias[c];
                for (int t = 0; t < count; t++)
                {
                    sum = float.MultiplyAddEstimate(term[t].Factor, source[((nint)term[t].Source * stride) + c], sum);
                }

                target[c] = sum;
            }
        }
    }
}
