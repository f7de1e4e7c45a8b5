using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace GenSomAttn.Backends.Simd.Threads;

/// <summary>A piece of work that is split into independent items, numbered from 0.</summary>
internal interface IJob
{
    /// <summary>Executes one item. The result must not depend on the worker.</summary>
    /// <param name="item">Number of the item.</param>
    /// <param name="worker">Number of the executing thread, for its scratch memory.</param>
    void Execute(int item, int worker);
}

/// <summary>
/// Threads that share the items of one job at a time. Jobs are plain structs on the caller's stack, so that starting one
/// allocates nothing; idle threads spin for the time between two operations of a training step and then sleep.
/// </summary>
/// <remarks>
/// A job has an overhead of 0.2 µs: the cache line of the items to take moves to the other processor, and the cache line of the completed
/// items moves back. No other line moves.
/// </remarks>
internal sealed unsafe class WorkerPool : IDisposable
{
    // A waiting thread polls for 30 µs, 30 ns each, as long as most operations take. Then it yields the processor between two polls, 0.5
    // µs each: with more threads than processors it may be waiting for one of the others. A worker goes to sleep after 0.4 ms, longer
    // than the time between two jobs of a training step.
    private const int PollsBeforeYield = 1_000;
    private const int PollsBeforeSleep = 1_800;

    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private int _sleepers;
    private volatile bool _stopping;
    private Exception? _failure;
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

    /// <summary>
    /// Executes all items of a job and returns when they are done. Not reentrant. If an item throws, the exception is thrown here when no
    /// thread executes an item any more.
    /// </summary>
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

        // The workers read the job here. Its address stays valid and nothing here changes until all items are done.
        _lines.Job = &job;
        _lines.Execute = &Execute<TJob>;
        _lines.Done = 0;

        // The first item is the caller's.
        Interlocked.Exchange(ref _lines.ToTake, Pack(items, next: 1));
        if (Volatile.Read(ref _sleepers) > 0)
        {
            WakeAll();
        }

        TryExecute(0, 0);
        int done = 1 + TakeItems(0);
        for (int poll = 0; Volatile.Read(ref _lines.Done) != items - done; poll++)
        {
            Pause(poll);
        }

        if (_failure is { } failure)
        {
            _failure = null;
            ExceptionDispatchInfo.Throw(failure);
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

    // Not inlined, so that each job has one copy of its code: compiling three of them delays the first step.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Execute<TJob>(void* job, int item, int worker)
        where TJob : unmanaged, IJob => ((TJob*)job)->Execute(item, worker);

    /// <summary>
    /// Executes an item and keeps its exception for <see cref="Run"/>: on a worker it would end the process, and on the caller leave the
    /// job's memory while workers read it.
    /// </summary>
    private void TryExecute(int item, int worker)
    {
        try
        {
            _lines.Execute(_lines.Job, item, worker);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
        }
    }

    /// <summary>Packs the number of items into the upper half and the next item into the lower half.</summary>
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

    /// <summary>Takes and executes items until none are left.</summary>
    /// <returns>Number of executed items.</returns>
    private int TakeItems(int worker)
    {
        int done = 0;
        long seen = Volatile.Read(ref _lines.ToTake);
        while (!IsEmpty(seen))
        {
            // Number of items and next item are exchanged together, so that no thread takes an item of one job for an item of another.
            long now = Interlocked.CompareExchange(ref _lines.ToTake, seen + 1, seen);
            if (now == seen)
            {
                TryExecute((int)seen, worker);
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
                // Before this addition the caller does not return, and no other job starts.
                Interlocked.Add(ref _lines.Done, done);
            }
        }
    }

    /// <summary>Waits for items; returns false when the pool is disposed.</summary>
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

        // A worker increments the number of sleepers before it checks for items again, and Run publishes the items before it reads that
        // number: no wake-up is lost.
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
    /// The shared fields, two cache lines apart (processors fetch them in pairs) against false sharing: polling workers must not take
    /// away the line that the caller writes, nor taking an item the line of the completed items.
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
