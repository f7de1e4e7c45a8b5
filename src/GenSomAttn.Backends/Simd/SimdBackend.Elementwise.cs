namespace GenSomAttn.Backends.Simd;

// Formulas that are applied element by element.
internal sealed unsafe partial class SimdBackend<TVector>
{
    /// <summary>Elements of an item.</summary>
    private const int ElementsPerItem = 8192;

    /// <summary>An elementwise formula of one or two inputs, computed on a vector of elements.</summary>
    private interface IFormula
    {
        TVector Apply(TVector left, TVector right);
    }

    /// <summary>Computes output = formula(left, right), element by element. Output may be one of the inputs.</summary>
    private void Map<TFormula>(TFormula formula, DeviceView<float> left, DeviceView<float> right, DeviceView<float> output)
        where TFormula : unmanaged, IFormula
        => _pool.Run(
            Job(formula, left.Address(), right.Address(), output.Address(), output.Length), DivideUp(output.Length, ElementsPerItem));

    private static MapJob<TFormula> Job<TFormula>(TFormula formula, float* left, float* right, float* output, int length)
        where TFormula : unmanaged, IFormula
    {
        MapJob<TFormula> job = default;
        job.Formula = formula;
        job.Left = left;
        job.Right = right;
        job.Output = output;
        job.Length = length;
        return job;
    }

    /// <summary>One item is <see cref="ElementsPerItem"/> elements.</summary>
    private struct MapJob<TFormula> : IJob
        where TFormula : unmanaged, IFormula
    {
        public TFormula Formula;
        public float* Left;
        public float* Right;
        public float* Output;
        public int Length;

        public readonly void Execute(int item, int worker)
        {
            int first = item * ElementsPerItem;
            Range(first, Math.Min(Length, first + ElementsPerItem));
        }

        /// <summary>Computes whole vectors, then the remainder in a vector padded with zeros.</summary>
        public readonly void Range(int first, int end)
        {
            int i = first;
            for (; i <= end - TVector.Count; i += TVector.Count)
            {
                Formula.Apply(TVector.Load(Left + i), TVector.Load(Right + i)).Store(Output + i);
            }

            if (i < end)
            {
                float* rest = stackalloc float[3 * TVector.Count];
                int count = end - i;
                new Span<float>(Left + i, count).CopyTo(new Span<float>(rest, count));
                new Span<float>(Right + i, count).CopyTo(new Span<float>(rest + TVector.Count, count));
                Formula.Apply(TVector.Load(rest), TVector.Load(rest + TVector.Count)).Store(rest + (2 * TVector.Count));
                new Span<float>(rest + (2 * TVector.Count), count).CopyTo(new Span<float>(Output + i, count));
            }
        }
    }
}
