using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Peaks;

/// <summary>
/// Measurement of the peak bandwidth of reading and of copying. Every thread passes over its own part several times in a run, so that
/// data that fit into a cache come from there.
/// </summary>
internal static unsafe class PeakBandwidth<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Vectors of one iteration; reading has as many independent sums.</summary>
    private const int Unroll = 8;

    /// <summary>Minimum bytes of a run, so that it lasts much longer than its start.</summary>
    private const long BytesOfRun = 32L << 20;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.08);

    /// <summary>Measures both bandwidths, 10^9 bytes a second, over a working set, in bytes of all workers together.</summary>
    public static (double Read, double Copy) Measure(WorkerPool pool, long bytes)
    {
        int block = 2 * Unroll * TVector.Count;
        int floatsPerWorker = Math.Max(1, (int)(bytes / sizeof(float) / pool.Workers / block)) * block;
        using var memory = new HostBuffer<float>(floatsPerWorker * pool.Workers);

        // Pages that were never written are all mapped to the same page of zeros, which would stay in the smallest cache.
        memory.Span.Fill(1);
        using var results = new HostBuffer<float>(pool.Workers * TVector.Count);
        Job job = default;
        job.Memory = memory.Address;
        job.Results = results.Address;
        job.FloatsPerWorker = floatsPerWorker;
        job.Rounds = (int)Math.Max(1, BytesOfRun / bytes);
        double bytesOfRun = (double)job.Rounds * memory.Length * sizeof(float);
        double[] reads = RepeatedRuns.Rates(bytesOfRun, Duration, () => pool.Run(job, pool.Workers));
        job.Copies = true;
        double[] copies = RepeatedRuns.Rates(bytesOfRun, Duration, () => pool.Run(job, pool.Workers));
        GC.KeepAlive(memory);
        GC.KeepAlive(results);
        return (reads.Max(), copies.Max());
    }

    /// <summary>One item is the part of one worker.</summary>
    private struct Job : IJob
    {
        public float* Memory;
        public float* Results;
        public int FloatsPerWorker;
        public int Rounds;
        public bool Copies;

        public readonly void Execute(int item, int worker)
        {
            float* part = Memory + ((long)item * FloatsPerWorker);
            for (int round = 0; round < Rounds; round++)
            {
                if (Copies)
                {
                    int half = FloatsPerWorker / 2;
                    Copy(part, part + half, half);
                }
                else
                {
                    Read(part, FloatsPerWorker).Store(Results + (worker * TVector.Count));
                }
            }
        }

        private static TVector Read(float* source, int floats)
        {
            int n = TVector.Count;
            TVector s0 = TVector.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
            for (float* end = source + floats; source < end; source += Unroll * n)
            {
                s0 += TVector.Load(source);
                s1 += TVector.Load(source + n);
                s2 += TVector.Load(source + (2 * n));
                s3 += TVector.Load(source + (3 * n));
                s4 += TVector.Load(source + (4 * n));
                s5 += TVector.Load(source + (5 * n));
                s6 += TVector.Load(source + (6 * n));
                s7 += TVector.Load(source + (7 * n));
            }

            return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
        }

        private static void Copy(float* source, float* destination, int floats)
        {
            int n = TVector.Count;
            for (float* end = source + floats; source < end; source += Unroll * n, destination += Unroll * n)
            {
                TVector.Load(source).Store(destination);
                TVector.Load(source + n).Store(destination + n);
                TVector.Load(source + (2 * n)).Store(destination + (2 * n));
                TVector.Load(source + (3 * n)).Store(destination + (3 * n));
                TVector.Load(source + (4 * n)).Store(destination + (4 * n));
                TVector.Load(source + (5 * n)).Store(destination + (5 * n));
                TVector.Load(source + (6 * n)).Store(destination + (6 * n));
                TVector.Load(source + (7 * n)).Store(destination + (7 * n));
            }
        }
    }
}
