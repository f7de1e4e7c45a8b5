using System.IO.Compression;
using System.Text;
using GenSomAttn.Formats;
using GenSomAttn.Model.Data;
using GenSomAttn.Tests.Support;

namespace GenSomAttn.Tests.Hostile;

/// <summary>The readers of the files of a data folder.</summary>
internal static class DataReaders
{
    private static readonly byte[] Images = IdxSet.Images(3, 4, 4);

    /// <summary>Uncompressed images.</summary>
    public static HostileReader Idx { get; } = new()
    {
        Name = "idx",
        Read = bytes => ReadImages(bytes, HostileReader.FileName, content => content),
        Refusal = typeof(DataException),
        Seeds =
        [
            Images, IdxSet.Images(1, 1, 1), IdxSet.Images(2, 8, 4),
            IdxSet.Content([0, 0, 8, 4], [2, 2, 2, 3], [.. Enumerable.Range(0, 24).Select(value => (byte)value)]),
        ],
        Bombs = () => Lies(content => content),
        Tokens =
        [
            [0, 0, 8, 3], [0, 0, 8, 4], [0, 0, 8, 1], [0, 0, 9, 3], [0, 0, 0, 4], [3, 0, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF],
            [0x1F, 0x8B, 8, 0],
        ],
        Guard = Guard.Length,
        Memory = (2, 1 << 15),
    };

    /// <summary>
    /// Images compressed with gzip. Deflate compresses up to 1032 to 1, and the whole content is read if the header declares it.
    /// </summary>
    public static HostileReader IdxGzip { get; } = new()
    {
        Name = "idx.gz",
        Read = bytes => ReadImages(bytes, HostileReader.FileName + ".gz", content => IdxSet.Pack(content)),
        Refusal = typeof(DataException),
        Seeds =
        [
            IdxSet.Pack(Images),
            IdxSet.Pack(Images, CompressionLevel.NoCompression),
            IdxSet.Pack(IdxSet.Content([0, 0, 8, 3], [2, 64, 64], new byte[2 * 64 * 64])),
            WithEveryField(IdxSet.Pack(Images)),
        ],
        Tokens =
        [
            [0x1F, 0x8B, 8, 0], [0x1F, 0x8B, 8, 0x1F], [3, 0], [1, 0, 0, 0xFF, 0xFF], [0, 0, 8, 3], [0, 0, 0, 4],
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ],
        Repair = Repairs.Gzip,
        Bombs = () => Lies(content => IdxSet.Pack(content)).Append(IdxSet.Pack([.. Images, .. new byte[100_000_000]])),
        Guard = Guard.Checksum,
        Memory = (1100, 1 << 15),
    };

    /// <summary>The hashes of a data folder.</summary>
    public static HostileReader Hashes { get; } = new()
    {
        Name = "sha256sums",
        Read = bytes =>
        {
            IReadOnlyDictionary<string, byte[]> hashes = FolderTexts.ParseHashes(bytes, HostileReader.FileName);
            return () => Encoding.UTF8.GetBytes(
                string.Concat(hashes.Select(pair => $"{Convert.ToHexStringLower(pair.Value)}  {pair.Key}\n")));
        },
        Refusal = typeof(DataException),
        Seeds = ModelReaders.Texts(
            $"{new string('a', 64)}  train-labels-idx1-ubyte\n{new string('0', 64)}  \u00FC x\n", $"{new string('F', 64)}  x\r\n", ""),
        Tokens = ModelReaders.Texts("\n", "\r", "\r\n", "  ", " *", "\0", "\uFEFF", "\u2028", $"{new string('1', 64)}  y\n"),
        IsText = true,
        Bombs = () => [new byte[1 << 16], Encoding.ASCII.GetBytes(new string('\n', 1 << 16))],
        Guard = Guard.Form,
        Memory = (32, 1 << 14),
    };

    /// <summary>The names of the classes.</summary>
    public static HostileReader ClassNames { get; } = new()
    {
        Name = "labels",
        Read = bytes =>
        {
            IReadOnlyList<string> names = FolderTexts.ParseClassNames(bytes, HostileReader.FileName);
            return () => Encoding.UTF8.GetBytes(string.Concat(names.Select(name => name + "\n")));
        },
        Refusal = typeof(DataException),
        Seeds = ModelReaders.Texts("T-shirt/top\nTrouser\n\u00FC\n", "a", "a\r\nb\r\n"),
        Tokens = ModelReaders.Texts(
            "\n", "\r", "\r\n", " ", "\t", "\0", "\u001B[2J", "\uFEFF", "\u2028", "\u0085",
            string.Concat(Enumerable.Repeat("a\n", 256))),
        IsText = true,
        Bombs = () => [new byte[1 << 16], Encoding.ASCII.GetBytes(new string('\n', 1 << 16))],
        Guard = Guard.Form,
        Memory = (32, 1 << 14),
    };

    /// <summary>Small files that declare much content.</summary>
    private static IEnumerable<byte[]> Lies(Func<byte[], byte[]> pack)
    {
        uint[][] dimensions =
            [[uint.MaxValue, uint.MaxValue, uint.MaxValue], [1 << 30, 1, 1], [1 << 10, 1 << 10, 1 << 10], [1u << 31, 4, 4]];
        return dimensions.Select(sizes => pack(IdxSet.Content([0, 0, 8, 3], sizes, Images[16..])));
    }

    private static Func<byte[]> ReadImages(byte[] bytes, string name, Func<byte[], byte[]> pack)
    {
        ArrayContent content = IdxReader.Read(new MemoryStream(bytes), name, ArrayKind.Images, int.MaxValue);
        return () => pack(IdxSet.Content(
            [0, 0, 8, (byte)content.Dimensions.Length], [.. content.Dimensions.Select(dimension => (uint)dimension)],
            content.Values.Memory.ToArray()));
    }

    /// <summary>A gzip file with all optional header fields: text flag, checksum, extra field, name and comment.</summary>
    private static byte[] WithEveryField(byte[] packed)
    {
        byte[] fields = [3, 0, 1, 2, 3, .. "name\0comment\0"u8, 0, 0];
        byte[] result = [.. packed.AsSpan(0, 10), .. fields, .. packed.AsSpan(10)];
        result[3] = 0x1F;
        return result;
    }
}
