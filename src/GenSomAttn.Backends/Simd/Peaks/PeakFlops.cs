using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Peaks;

/// <summary>
/// Measurement of peak FLOP/s: a loop of multiply-adds that touches no memory. A multiply-add has a latency of about four cycles, and
/// processors start two in a cycle, so at least eight independent sums must be in flight. Twelve are enough for every processor, and with
/// the two factors they fit into the sixteen registers that narrower vectors have.
/// </summary>
internal static unsafe class PeakFlops<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    private const int Sums = 12;
    private const int Rounds = 50_000;
    private const int ItemsPerWorker = 16;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.4);

    /// <summary>Measures the GFLOP/s of each run; a multiply-add counts as two operations.</summary>
    public static double[] Measure(WorkerPool pool)
    {
        using var results = new HostBuffer<float>(pool.Workers * TVector.Count);
        Job job = default;
        job.Results = results.Address;
        int items = ItemsPerWorker * pool.Workers;
        double flops = 2.0 * Sums * TVector.Count * Rounds * items;
        double[] rates = RepeatedRuns.Rates(flops, Duration, () => pool.Run(job, items));
        GC.KeepAlive(results);
        return rates;
    }

    private struct Job : IJob
    {
        public float* Results;

        public readonly void Execute(int item, int worker)
        {
            // Each sum converges to a fixed point, 2 = 2 · ½ + 1, so that no value overflows or becomes subnormal.
            TVector half = TVector.Splat(0.5f), one = TVector.Splat(1);
            TVector s0 = one, s1 = one, s2 = one, s3 = one, s4 = one, s5 = one;
            TVector s6 = one, s7 = one, s8 = one, s9 = one, s10 = one, s11 = one;
            for (int round = 0; round < Rounds; round++)
            {
                s0 = TVector.MultiplyAdd(s0, half, one);
                s1 = TVector.MultiplyAdd(s1, half, one);
                s2 = TVector.MultiplyAdd(s2, half, one);
                s3 = TVector.MultiplyAdd(s3, half, one);
                s4 = TVector.MultiplyAdd(s4, half, one);
                s5 = TVector.MultiplyAdd(s5, half, one);
                s6 = TVector.MultiplyAdd(s6, half, one);
                s7 = TVector.MultiplyAdd(s7, half, one);
                s8 = TVector.MultiplyAdd(s8, half, one);
                s9 = TVector.MultiplyAdd(s9, half, one);
                s10 = TVector.MultiplyAdd(s10, half, one);
                s11 = TVector.MultiplyAdd(s11, half, one);
            }

            // The sum is stored, because the compiler could otherwise remove the loop.
            TVector sum = s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11;
            sum.Store(Results + (worker * TVector.Count));
        }
    }
}
