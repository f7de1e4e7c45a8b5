using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Rows;

/// <summary>Formulas that are applied element by element.</summary>
internal static unsafe class Elementwise<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Elements of an item.</summary>
    public const int ElementsPerItem = 8192;

    /// <summary>Computes output = formula(left, right) on all threads. Output may be one of the inputs.</summary>
    public static void Run<TFormula>(
        WorkerPool pool, TFormula formula, DeviceView<float> left, DeviceView<float> right, DeviceView<float> output)
        where TFormula : unmanaged, IFormula<TVector>
        => pool.Run(
            JobOf(formula, left.Address(), right.Address(), output.Address(), output.Length), DivideUp(output.Length, ElementsPerItem));

    /// <summary>Computes output = formula(left, right) on this thread. Output may be one of the inputs.</summary>
    public static void Apply<TFormula>(TFormula formula, float* left, float* right, float* output, int length)
        where TFormula : unmanaged, IFormula<TVector>
        => JobOf(formula, left, right, output, length).Range(0, length);

    private static Job<TFormula> JobOf<TFormula>(TFormula formula, float* left, float* right, float* output, int length)
        where TFormula : unmanaged, IFormula<TVector>
    {
        Job<TFormula> job = default;
        job.Formula = formula;
        job.Left = left;
        job.Right = right;
        job.Output = output;
        job.Length = length;
        return job;
    }

    /// <summary>One item is <see cref="ElementsPerItem"/> elements.</summary>
    private struct Job<TFormula> : IJob
        where TFormula : unmanaged, IFormula<TVector>
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
