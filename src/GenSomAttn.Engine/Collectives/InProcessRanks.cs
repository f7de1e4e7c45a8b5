using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace GenSomAttn.Engine.Collectives;

/// <summary>Ranks that are threads of this process.</summary>
public static class InProcessRanks
{
    /// <summary>Runs work on each rank in a thread of its own, and returns when all have ended.</summary>
    /// <param name="size">Number of ranks.</param>
    /// <param name="work">The work; an exception on one rank ends the exchanges of the others too, and is thrown here.</param>
    public static void Run(int size, Action<ICommunicator> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        using var failed = new CancellationTokenSource();
        var mail = new BlockingCollection<byte[]>[size, size];
        ExceptionDispatchInfo? failure = null;
        for (int i = 0; i < mail.Length; i++)
        {
            mail[i / size, i % size] = [];
        }

        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() => Work(rank)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        foreach (BlockingCollection<byte[]> box in mail)
        {
            box.Dispose();
        }

        failure?.Throw();

        void Work(int rank)
        {
            try
            {
                work(new ThreadRank(rank, size, mail, failed.Token));
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(exception), null);
                failed.Cancel();
            }
        }
    }

    private sealed class ThreadRank(int rank, int size, BlockingCollection<byte[]>[,] mail, CancellationToken failed) : ICommunicator
    {
        public int Rank => rank;

        public int Size => size;

        public void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received)
        {
            mail[rank, partner].Add(sent.ToArray(), failed);
            byte[] bytes = mail[partner, rank].Take(failed);
            if (bytes.Length != received.Length)
            {
                throw new InvalidOperationException(
                    $"Rank {partner} sent {bytes.Length} bytes to rank {rank}, which expects {received.Length}.");
            }

            bytes.CopyTo(received);
        }
    }
}
