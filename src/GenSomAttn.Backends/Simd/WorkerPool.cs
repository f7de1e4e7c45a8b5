using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GenSomAttn.Backends.Simd;

/// <summary>A piece of work that is cut into independent items, numbered from 0.</summary>
internal interface IJob
{
    /// <summary>Does one item. What it computes must not depend on who does it.</summary>
    /// <param name="item">Number of the item.</param>
    /// <param name="worker">Number of the thread that does it, for its scratch memory.</param>
    void Execute(int item, int worker);
}

/// <summary>
/// Threads that share the items of one job at a time. Jobs are plain structs on the caller's stack, so that starting one
/// allocates nothing; idle threads spin for the time between two operations of a training step and then sleep.
/// </summary>
/// <remarks>
/// A job costs 0.2 µs beside its items: the line of what is left to take goes to the other processor, and the line of what is done
/// comes back. Everything else stays where it is.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    // Whoever waits polls for 30 µs, 30 ns each, as long as most operations take. Then it lets other threads have the processor between
    // two polls, 0.5 µs each: with more threads than processors they may be those it waits for. A worker goes to sleep after 0.4 ms,
    // longer than what lies between two jobs of a training step.
    private const int PollsBeforeYield = 1_000;
    private const int PollsBeforeSleep = 1_800;

    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private int _sleepers;
    private volatile bool _stopping;
    private Lines _lines;

    /// <summary>Starts the threads; the caller of <see cref="Run"/> is worker 0 and counts as one of them.</summary>
    public WorkerPool(int workers)
    {
        Workers = workers;
        _threads = new Thread[workers - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Serve(worker)) { IsBackground = true, Name = $"simd-{worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that work, the caller's included.</summary>
    public int Workers { get; }

    /// <summary>Does all items of a job and returns when they are done. Not reentrant.</summary>
    public void Run<TJob>(TJob job, int items)
        where TJob : unmanaged, IJob
    {
        if (_threads.Length == 0 || items <= 1)
        {
            for (int item = 0; item < items; item++)
            {
                Execute<TJob>(&job, item, 0);
            }

            return;
        }

        // Whoever takes an item finds its job here. The job's address stays valid and nothing here changes until all items are done.
        _lines.Job = &job;
        _lines.Execute = &Execute<TJob>;
        _lines.Done = 0;

        // The first item is the caller's.
        Interlocked.Exchange(ref _lines.ToTake, Pack(items, next: 1));
        if (Volatile.Read(ref _sleepers) > 0)
        {
            WakeAll();
        }

        Execute<TJob>(&job, 0, 0);
        int done = 1 + TakeItems(0);
        for (int poll = 0; Volatile.Read(ref _lines.Done) != items - done; poll++)
        {
            Pause(poll);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        WakeAll();
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    // One copy of a job's code, whoever runs it: to compile three of them delays the first step.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Execute<TJob>(void* job, int item, int worker)
        where TJob : unmanaged, IJob => ((TJob*)job)->Execute(item, worker);

    /// <summary>Items of the job in the upper half, the next to be taken in the lower.</summary>
    private static long Pack(int items, int next) => ((long)items << 32) | (uint)next;

    private static bool IsEmpty(long toTake) => (int)toTake >= (int)(toTake >> 32);

    private static void Pause(int poll)
    {
        if (poll < PollsBeforeYield)
        {
            Thread.SpinWait(1);
        }
        else
        {
            Thread.Yield();
        }
    }

    /// <summary>Takes items until there are none, and does them.</summary>
    /// <returns>How many it did.</returns>
    private int TakeItems(int worker)
    {
        int done = 0;
        long seen = Volatile.Read(ref _lines.ToTake);
        while (!IsEmpty(seen))
        {
            // Number of items and next item are exchanged together: nobody takes an item of one job for an item of another.
            long now = Interlocked.CompareExchange(ref _lines.ToTake, seen + 1, seen);
            if (now == seen)
            {
                _lines.Execute(_lines.Job, (int)seen, worker);
                done++;
                now = Volatile.Read(ref _lines.ToTake);
            }

            seen = now;
        }

        return done;
    }

    private void Serve(int worker)
    {
        while (WaitForItems())
        {
            int done = TakeItems(worker);
            if (done > 0)
            {
                // Until it hears of them, the caller does not return, and there is no next job.
                Interlocked.Add(ref _lines.Done, done);
            }
        }
    }

    /// <summary>Waits until there is something to take, or until the end: then it returns false.</summary>
    private bool WaitForItems()
    {
        for (int poll = 0; poll < PollsBeforeSleep; poll++)
        {
            if (!IsEmpty(Volatile.Read(ref _lines.ToTake)))
            {
                return true;
            }

            Pause(poll);
        }

        // A sleeper counts itself before it looks again, Run announces before it counts the sleepers: one of them sees the other.
        lock (_gate)
        {
            Interlocked.Increment(ref _sleepers);
            while (!_stopping && IsEmpty(Volatile.Read(ref _lines.ToTake)))
            {
                Monitor.Wait(_gate);
            }

            Interlocked.Decrement(ref _sleepers);
        }

        return !_stopping;
    }

    private void WakeAll()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// What the threads share, apart by twice a cache line (processors fetch them in pairs): a worker that polls must not take away
    /// the line that the caller writes to, nor whoever takes an item the line of what is done.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Lines
    {
        [FieldOffset(128)]
        public long ToTake;

        [FieldOffset(256)]
        public void* Job;

        [FieldOffset(264)]
        public delegate*<void*, int, int, void> Execute;

        [FieldOffset(384)]
        public int Done;
    }
}
