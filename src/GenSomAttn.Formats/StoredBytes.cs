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

    /// <summary>Copies the bytes from a position on.</summary>
    /// <exception cref="DataException">The file cannot be read, or was changed.</exception>
    public abstract void CopyTo(int start, Span<byte> destination);

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

    private sealed class PickedBytes : StoredBytes
    {
        private readonly StoredBytes _source;
        private readonly int[] _indices;
        private readonly int _itemLength;
        private readonly Lazy<byte[]> _all;

        public PickedBytes(StoredBytes source, int[] indices, int itemLength)
        {
            (_source, _indices, _itemLength) = (source, indices, itemLength);
            _all = new Lazy<byte[]>(() =>
            {
                byte[] all = new byte[Length];
                CopyTo(0, all);
                return all;
            });
        }

        public override int Length => _indices.Length * _itemLength;

        public override ReadOnlyMemory<byte> Memory => _all.Value;

        public override void CopyTo(int start, Span<byte> destination)
        {
            int inItem = start % _itemLength;
            for (int item = start / _itemLength; !destination.IsEmpty; item++)
            {
                int length = Math.Min(_itemLength - inItem, destination.Length);
                _source.CopyTo((_indices[item] * _itemLength) + inItem, destination[..length]);
                destination = destination[length..];
                inItem = 0;
            }
        }

        public override StoredBytes First(int length) => new PickedBytes(_source, _indices[..(length / _itemLength)], _itemLength);
    }
}
