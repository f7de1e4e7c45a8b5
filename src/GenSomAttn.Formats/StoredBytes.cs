using System.Security.Cryptography;

namespace GenSomAttn.Formats;

/// <summary>Bytes in memory, or in a file from which they are read when they are used.</summary>
public abstract class StoredBytes
{
    /// <summary>Number of bytes.</summary>
    public abstract int Length { get; }

    /// <summary>Whether the bytes are in memory.</summary>
    public virtual bool IsInMemory => false;

    /// <summary>All bytes; those of a file are read at the first use and kept.</summary>
    /// <exception cref="DataException">The file cannot be read, or was changed.</exception>
    public abstract ReadOnlyMemory<byte> Memory { get; }

    /// <summary>Creates a view of bytes in memory, which are not copied.</summary>
    public static StoredBytes Of(ReadOnlyMemory<byte> memory) => new BytesInMemory(memory);

    /// <summary>Returns bytes one after another: a copy of those in memory; if some are in a file, each stays where it is.</summary>
    /// <exception cref="DataException">They are too many for one set.</exception>
    public static StoredBytes Join(IReadOnlyList<StoredBytes> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        long length = parts.Sum(part => (long)part.Length);
        if (length > Array.MaxLength)
        {
            throw new DataException($"The images together have {length} values, more than the {Array.MaxLength} possible in one set.");
        }

        var joined = new JoinedBytes(parts, (int)length);
        return parts.All(part => part.IsInMemory) ? Of(joined.Memory) : joined;
    }

    /// <summary>Copies the bytes from a position on.</summary>
    /// <exception cref="DataException">The file cannot be read, or was changed.</exception>
    public abstract void CopyTo(int start, Span<byte> destination);

    /// <summary>Visits all bytes in parts, one after another: those of a file are read part by part.</summary>
    /// <param name="visit">Receives a part, valid until it returns.</param>
    /// <exception cref="DataException">The file cannot be read, or was changed.</exception>
    public void Visit(Action<ReadOnlySpan<byte>> visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        if (IsInMemory)
        {
            visit(Memory.Span);
            return;
        }

        const int PartBytes = 1 << 20;
        byte[] buffer = new byte[Math.Min(PartBytes, Length)];
        for (int start = 0; start < Length; start += buffer.Length)
        {
            Span<byte> part = buffer.AsSpan(0, Math.Min(buffer.Length, Length - start));
            CopyTo(start, part);
            visit(part);
        }
    }

    /// <summary>Computes the SHA-256 of all bytes.</summary>
    /// <exception cref="DataException">The file cannot be read, or was changed.</exception>
    public byte[] Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Visit(hash.AppendData);
        return hash.GetHashAndReset();
    }

    /// <summary>Returns the first bytes.</summary>
    public abstract StoredBytes First(int length);

    /// <summary>Returns items of equal lengths at indices: a copy of those in memory; those of a file stay in it.</summary>
    /// <param name="indices">Indices of the items.</param>
    /// <param name="itemLength">Bytes of an item.</param>
    public StoredBytes Pick(IReadOnlyList<int> indices, int itemLength)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var picked = new PickedBytes(this, [.. indices], itemLength);
        return IsInMemory ? Of(picked.Memory) : picked;
    }

    private sealed class BytesInMemory(ReadOnlyMemory<byte> memory) : StoredBytes
    {
        public override int Length => memory.Length;

        public override bool IsInMemory => true;

        public override ReadOnlyMemory<byte> Memory => memory;

        public override void CopyTo(int start, Span<byte> destination) => memory.Span.Slice(start, destination.Length).CopyTo(destination);

        public override StoredBytes First(int length) => Of(memory[..length]);
    }

    /// <summary>Bytes from several places, copied together at the first use of all.</summary>
    private abstract class ScatteredBytes : StoredBytes
    {
        private readonly Lazy<byte[]> _all;

        protected ScatteredBytes()
        {
            _all = new Lazy<byte[]>(() =>
            {
                byte[] all = new byte[Length];
                CopyTo(0, all);
                return all;
            });
        }

        public override ReadOnlyMemory<byte> Memory => _all.Value;
    }

    private sealed class JoinedBytes(IReadOnlyList<StoredBytes> parts, int length) : ScatteredBytes
    {
        public override int Length => length;

        public override void CopyTo(int start, Span<byte> destination)
        {
            foreach (StoredBytes part in parts)
            {
                int copied = Math.Min(part.Length - start, destination.Length);
                if (copied > 0)
                {
                    part.CopyTo(start, destination[..copied]);
                    destination = destination[copied..];
                }

                start = Math.Max(0, start - part.Length);
            }
        }

        public override StoredBytes First(int length)
        {
            int left = length;
            List<StoredBytes> first = [];
            foreach (StoredBytes part in parts.TakeWhile(_ => left > 0))
            {
                first.Add(part.First(Math.Min(part.Length, left)));
                left -= first[^1].Length;
            }

            return new JoinedBytes(first, length);
        }
    }

    private sealed class PickedBytes(StoredBytes source, int[] indices, int itemLength) : ScatteredBytes
    {
        public override int Length => indices.Length * itemLength;

        public override void CopyTo(int start, Span<byte> destination)
        {
            int inItem = start % itemLength;
            for (int item = start / itemLength; !destination.IsEmpty; item++)
            {
                int length = Math.Min(itemLength - inItem, destination.Length);
                source.CopyTo((indices[item] * itemLength) + inItem, destination[..length]);
                destination = destination[length..];
                inItem = 0;
            }
        }

        public override StoredBytes First(int length) => new PickedBytes(source, indices[..(length / itemLength)], itemLength);
    }
}
