using GenSomAttn.Backends.Simd.Threads;
using NUnit.Framework;

namespace GenSomAttn.Tests.Ops;

/// <summary>An item of a job that throws neither ends the process nor leaves a thread with the job's memory.</summary>
public sealed class WorkerPoolTests
{
    private const int Items = 64;
    private static readonly int[] Counts = new int[Items];

    [Test]
    public void Run_ItemThrows_ThrowsAfterTheOthersAndWorksOn([Values(1, 2, 3)] int workers, [Values(0, 1, 40, Items - 1)] int failing)
    {
        using WorkerPool pool = new(workers);
        Array.Clear(Counts);

        Assert.That(() => pool.Run(new CountingJob(failing), Items),
            Throws.InvalidOperationException.With.Message.EqualTo($"item {failing}"));
        Assert.That(Counts[..(workers == 1 ? failing + 1 : Items)], Is.All.EqualTo(1));

        Array.Clear(Counts);
        pool.Run(new CountingJob(-1), Items);
        Assert.That(Counts, Is.All.EqualTo(1));
    }

    private readonly struct CountingJob(int failing) : IJob
    {
        private const int Spins = 1000;

        public void Execute(int item, int worker)
        {
            Thread.SpinWait(Spins);
            Interlocked.Increment(ref Counts[item]);
            if (item == failing)
            {
                throw new InvalidOperationException($"item {item}");
            }
        }
    }
}
