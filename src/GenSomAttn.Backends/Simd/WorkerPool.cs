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
internal sealed unsafe class WorkerPool : IDisposable
{
    /// <summary>Polls before a thread goes to sleep: about 0.4 ms, longer than what lies between two operations of a training step.</summary>
    private const int Spins = 2000;

    private readonly Thread[] _threads;
    private readonly object _gate = new();
    private int _sleepers;
    private int _generation;
    private volatile bool _stopping;

    // The job in progress. Its address stays valid, because Run returns only when no worker uses it anymore: a worker first
    // counts itself as active and then looks whether the job is open; Run first closes the job and then waits until nobody is
    // active. A thread that wakes up late finds the job closed, and nobody has waited for it.
    private void* _job;
    private delegate*<void*, int, int, void> _execute;
    private int _items;
    private int _nextItem;
    private int _open;
    private int _active;

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
        if (_threads.Length == 0 || items == 1)
        {
            for (int item = 0; item < items; item++)
            {
                job.Execute(item, 0);
            }

            return;
        }

        _job = &job;
        _execute = &Execute<TJob>;
        _items = items;
        _nextItem = 0;
        Volatile.Write(ref _open, 1);
        Interlocked.Increment(ref _generation);
        if (Volatile.Read(ref _sleepers) > 0)
        {
            lock (_gate)
            {
                Monitor.PulseAll(_gate);
            }
        }

        DoItems(0);
        Interlocked.Exchange(ref _open, 0);
        SpinWait spin = default;
        while (Volatile.Read(ref _active) > 0)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        lock (_gate)
        {
            Interlocked.Increment(ref _generation);
            Monitor.PulseAll(_gate);
        }

        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private static void Execute<TJob>(void* job, int item, int worker)
        where TJob : unmanaged, IJob => ((TJob*)job)->Execute(item, worker);

    private void DoItems(int worker)
    {
        for (int item = Interlocked.Increment(ref _nextItem) - 1; item < _items; item = Interlocked.Increment(ref _nextItem) - 1)
        {
            _execute(_job, item, worker);
        }
    }

    private void Serve(int worker)
    {
        int seen = 0;
        while (true)
        {
            seen = WaitForGenerationAfter(seen);
            if (_stopping)
            {
                return;
            }

            Interlocked.Increment(ref _active);
            if (Volatile.Read(ref _open) != 0)
            {
                DoItems(worker);
            }

            Interlocked.Decrement(ref _active);
        }
    }

    /// <summary>Waits for a job (or the end) that was announced after generation <paramref name="seen"/>; returns its generation.</summary>
    private int WaitForGenerationAfter(int seen)
    {
        for (int spin = 0; spin < Spins; spin++)
        {
            int generation = Volatile.Read(ref _generation);
            if (generation != seen)
            {
                return generation;
            }

            Thread.SpinWait(8);
        }

        // A sleeper counts itself before it looks again, Run announces before it counts the sleepers: one of them sees the other.
        lock (_gate)
        {
            Interlocked.Increment(ref _sleepers);
            while (Volatile.Read(ref _generation) == seen)
            {
                Monitor.Wait(_gate);
            }

            Interlocked.Decrement(ref _sleepers);
            return _generation;
        }
    }
}
