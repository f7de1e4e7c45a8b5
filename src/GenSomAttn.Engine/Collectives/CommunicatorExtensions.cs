using System.Runtime.InteropServices;

namespace GenSomAttn.Engine.Collectives;

/// <summary>Collective operations: every rank calls them, in the same order. The number of ranks is a power of two.</summary>
public static class CommunicatorExtensions
{
    /// <summary>Gathers the bytes of all ranks on each, by recursive doubling.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="own">The bytes of this rank, as many on each.</param>
    /// <returns>The bytes of all ranks, by rank.</returns>
    public static byte[] AllGather(this ICommunicator ranks, ReadOnlySpan<byte> own)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        int length = own.Length;
        byte[] all = new byte[checked(ranks.Size * length)];
        own.CopyTo(all.AsSpan(ranks.Rank * length));
        for (int distance = 1; distance < ranks.Size; distance *= 2)
        {
            int partner = ranks.Rank ^ distance;
            ranks.Exchange(partner, Group(ranks.Rank), Group(partner));

            Span<byte> Group(int rank) => all.AsSpan((rank & -distance) * length, distance * length);
        }

        return all;
    }

    /// <summary>Gathers a list of bytes of any length from each rank.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="own">The bytes of this rank.</param>
    /// <returns>Those of all ranks, by rank.</returns>
    public static IReadOnlyList<byte[]> AllGatherLists(this ICommunicator ranks, byte[] own)
    {
        ArgumentNullException.ThrowIfNull(own);
        int[] lengths = MemoryMarshal.Cast<byte, int>(ranks.AllGather(BitConverter.GetBytes(own.Length))).ToArray();
        int longest = lengths.Max();
        byte[] padded = new byte[longest];
        own.CopyTo(padded, 0);
        byte[] all = ranks.AllGather(padded);
        return [.. lengths.Select((length, rank) => all.AsSpan(rank * longest, length).ToArray())];
    }

    /// <summary>Returns whether a value is true on any rank.</summary>
    public static bool Any(this ICommunicator ranks, bool value)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        return ranks.Size == 1 ? value : ranks.AllGather([value ? (byte)1 : (byte)0]).Contains((byte)1);
    }

    /// <summary>Copies the values of rank 0 to all others, along a binomial tree.</summary>
    public static void Broadcast(this ICommunicator ranks, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        for (int distance = 1; distance < ranks.Size; distance *= 2)
        {
            if (ranks.Rank < distance)
            {
                ranks.Exchange(ranks.Rank + distance, bytes, []);
            }
            else if (ranks.Rank < 2 * distance)
            {
                ranks.Exchange(ranks.Rank - distance, [], bytes);
            }
        }
    }
}
