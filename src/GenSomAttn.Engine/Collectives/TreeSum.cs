using System.Numerics;
using System.Runtime.InteropServices;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Engine.Collectives;

/// <summary>
/// Sum over all ranks by a binary tree in the order of the ranks, with the bits that the same tree has in one process; and in the same
/// messages a slot of each rank for every other, whose values are copied and never added.
/// </summary>
/// <remarks>
/// Recursive halving and doubling: with partners at distance 1, 2, 4, ... each rank adds the half of the values that it keeps, the sum of
/// the lower rank as left operand; then the halves travel back in reverse order. Each rank sends 2 (P-1)/P of the values in 2 log₂ P
/// messages. Source: Thakur, Rabenseifner and Gropp, Optimization of collective communication operations in MPICH, 2005.
/// </remarks>
public sealed class TreeSum
{
    private readonly ICommunicator _ranks;
    private readonly int _chunk;
    private readonly int _slot;
    private readonly float[] _blocks;
    private readonly float[] _received;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="ranks">The ranks; a power of two.</param>
    /// <param name="length">Number of values that are added.</param>
    /// <param name="slotLength">Number of values in the slot of a rank.</param>
    /// <exception cref="ArgumentException">The number of ranks is no power of two.</exception>
    public TreeSum(ICommunicator ranks, int length, int slotLength)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        if (!BitOperations.IsPow2(ranks.Size))
        {
            throw new ArgumentException($"{ranks.Size} ranks: the number must be a power of two.", nameof(ranks));
        }

        _ranks = ranks;
        _chunk = DivideUp(length, ranks.Size);
        _slot = slotLength;
        _blocks = new float[checked(ranks.Size * BlockLength)];
        _received = new float[ranks.Size / 2 * BlockLength];
    }

    /// <summary>A block has a chunk of the values and a slot, so that both are in one message.</summary>
    private int BlockLength => checked(_chunk + _slot);

    /// <summary>Replaces the values by their sums over all ranks, and fills the slots of the other ranks.</summary>
    /// <param name="values">As many as given to the constructor.</param>
    /// <param name="slots">(ranks, slot length); that of this rank is read.</param>
    public void Run(Span<float> values, Span<float> slots)
    {
        for (int block = 0; block * _chunk < values.Length; block++)
        {
            ReadOnlySpan<float> chunk = values[(block * _chunk)..];
            chunk[..Math.Min(_chunk, chunk.Length)].CopyTo(Chunk(_blocks, block));
        }

        slots.Slice(_ranks.Rank * _slot, _slot).CopyTo(Slot(_ranks.Rank));
        Double(Halve());
        for (int block = 0; block * _chunk < values.Length; block++)
        {
            Span<float> chunk = values[(block * _chunk)..];
            Chunk(_blocks, block)[..Math.Min(_chunk, chunk.Length)].CopyTo(chunk);
        }

        for (int rank = 0; rank < _ranks.Size; rank++)
        {
            Slot(rank).CopyTo(slots.Slice(rank * _slot, _slot));
        }
    }

    /// <summary>Adds until this rank has the sum of one block; returns its index.</summary>
    private int Halve()
    {
        int first = 0;
        for (int distance = 1, count = _ranks.Size / 2; count > 0; distance *= 2, count /= 2)
        {
            int partner = _ranks.Rank ^ distance;
            bool isLower = _ranks.Rank < partner;
            int given = isLower ? first + count : first;
            first = isLower ? first : first + count;
            _ranks.Exchange(partner, Bytes(_blocks, given, count), Bytes(_received, 0, count));
            for (int block = 0; block < count; block++)
            {
                Span<float> own = Chunk(_blocks, first + block), other = Chunk(_received, block);
                Add(isLower ? own : other, isLower ? other : own, own);
            }
        }

        return first;
    }

    /// <summary>Exchanges finished blocks until this rank has all of them.</summary>
    private void Double(int first)
    {
        for (int distance = _ranks.Size / 2, count = 1; distance > 0; distance /= 2, count *= 2)
        {
            int partner = _ranks.Rank ^ distance;
            int others = _ranks.Rank < partner ? first + count : first - count;
            _ranks.Exchange(partner, Bytes(_blocks, first, count), Bytes(_blocks, others, count));
            first = Math.Min(first, others);
        }
    }

    /// <summary>The slot of a rank is in the block that the rank has the sum of, and therefore never in one that it gives away.</summary>
    private Span<float> Slot(int rank)
    {
        int block = 0;
        for (int distance = 1, count = _ranks.Size / 2; count > 0; distance *= 2, count /= 2)
        {
            block += (rank & distance) != 0 ? count : 0;
        }

        return _blocks.AsSpan((block * BlockLength) + _chunk, _slot);
    }

    private Span<float> Chunk(float[] blocks, int block) => blocks.AsSpan(block * BlockLength, _chunk);

    private Span<byte> Bytes(float[] blocks, int first, int count) =>
        MemoryMarshal.AsBytes(blocks.AsSpan(first * BlockLength, count * BlockLength));

    private static void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> sum)
    {
        int i = 0;
        for (; i <= sum.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (new Vector<float>(left[i..]) + new Vector<float>(right[i..])).CopyTo(sum[i..]);
        }

        for (; i < sum.Length; i++)
        {
            sum[i] = left[i] + right[i];
        }
    }
}
