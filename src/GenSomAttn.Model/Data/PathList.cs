using System.Collections;
using System.Text;

namespace GenSomAttn.Model.Data;

/// <summary>
/// Paths as UTF-8 in blocks: a million of 30 characters take 31 MB, and as strings 90 MB. A zero ends each of them, which no path has.
/// </summary>
internal sealed class PathList : IEnumerable<string>
{
    private const int BlockBytes = 1 << 16;
    private readonly List<byte[]> _blocks = [];
    private int _used = BlockBytes;

    /// <summary>Number of paths.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a path at the end.</summary>
    public void Add(string path)
    {
        int length = Encoding.UTF8.GetByteCount(path) + 1;
        if (_used + length > BlockBytes)
        {
            // The rest of a block stays 0, as of empty paths, which are none. A longer path has a block of its own.
            _blocks.Add(new byte[Math.Max(BlockBytes, length)]);
            _used = 0;
        }

        _used += Encoding.UTF8.GetBytes(path, _blocks[^1].AsSpan(_used)) + 1;
        Count++;
    }

    /// <summary>Returns the paths in the order of their bytes, which is that of their characters.</summary>
    public IEnumerable<string> Sorted()
    {
        var places = new (int Block, int Start)[Count];
        foreach ((int n, (int Block, int Start) place) in Places().Index())
        {
            places[n] = place;
        }

        Array.Sort(places, (left, right) => At(left).SequenceCompareTo(At(right)));
        return places.Select(place => Encoding.UTF8.GetString(At(place)));
    }

    /// <inheritdoc/>
    public IEnumerator<string> GetEnumerator() => Places().Select(place => Encoding.UTF8.GetString(At(place))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<(int Block, int Start)> Places()
    {
        for (int block = 0; block < _blocks.Count; block++)
        {
            for (int start = 0; start < _blocks[block].Length && _blocks[block][start] != 0;)
            {
                yield return (block, start);
                start += At((block, start)).Length + 1;
            }
        }
    }

    private ReadOnlySpan<byte> At((int Block, int Start) place)
    {
        ReadOnlySpan<byte> rest = _blocks[place.Block].AsSpan(place.Start);
        return rest[..rest.IndexOf((byte)0)];
    }
}
