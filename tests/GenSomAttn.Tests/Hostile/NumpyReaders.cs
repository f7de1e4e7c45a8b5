using System.Buffers.Binary;
using System.IO.Compression;
using GenSomAttn.Formats;
using GenSomAttn.Tests.Support;

namespace GenSomAttn.Tests.Hostile;

/// <summary>The readers of NumPy's files.</summary>
internal static class NumpyReaders
{
    private static readonly byte[] Images = NumpyBytes.Of(IdxSet.Images(3, 4, 4)[16..], 3, 4, 4);
    private static readonly byte[] Labels = NumpyBytes.Npy("'<i2'", "(3, 1)", [0, 0, 1, 0, 2, 0]);

    /// <summary>An array of images.</summary>
    public static HostileReader Npy { get; } = new()
    {
        Name = "npy",
        Read = bytes =>
        {
            ArrayContent content = NpyReader.Read(new MemoryStream(bytes), HostileReader.FileName, ArrayKind.Images);
            return () => Write(content);
        },
        Refusal = typeof(DataException),
        Seeds = [Images, NumpyBytes.Npy("'|u1'", "(1, 2, 2, 3)", new byte[12], major: 2)],
        Tokens = ModelReaders.Texts(
            "'|u1'", "'|i1'", "'|O'", "'>u1'", "'<f4'", "True", "False", "(3, 4, 4)", "(48,)", "(1, 48, 1)", "(3, 4, 4, 1)", "()", "{", "}",
            "-1", "99999999999999999999", "\u0093NUMPY", "[('a', '<i4')]", "\n", "\0"),
        Bombs = () => Lies().Concat(
        [
            IdxSet.Pack([.. Images, .. new byte[100_000_000]]),
            [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0x7F],
            NumpyBytes.WithHeader($"{{'descr': '|u1', 'fortran_order': False, 'shape': ({new string('1', 3000)},), }}", []),
        ]),
        Guard = Guard.Length,
        Memory = (8, 1 << 15),
    };

    /// <summary>An archive of images and labels. Deflate compresses up to 1032 to 1.</summary>
    public static HostileReader Npz { get; } = new()
    {
        Name = "npz",
        Read = ReadArchive,
        Refusal = typeof(DataException),
        Seeds =
        [
            NumpyBytes.Npz(("images", Images), ("labels", Labels)),
            NumpyBytes.Npz(CompressionLevel.NoCompression, ("images", Images), ("labels", Labels)),
        ],
        Tokens =
        [
            "PK\u0001\u0002"u8.ToArray(), "PK\u0003\u0004"u8.ToArray(), "PK\u0005\u0006"u8.ToArray(),
            [0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0], "labels.npy"u8.ToArray(), "images.npy"u8.ToArray(), "../x.npy"u8.ToArray(),
            "'<i8'"u8.ToArray(), "(3, 4, 4)"u8.ToArray(),
        ],
        Repair = Repairs.Zip,
        Bombs = () => Lies().Append([.. Images, .. new byte[100_000_000]]).Select(lie => NumpyBytes.Npz(("images", lie)))
            .Append(WithDeclaredLength(NumpyBytes.Npz(("images", Lies().First())), uint.MaxValue - 1)),
        Guard = Guard.Length,
        Memory = (1100, 1 << 17),
    };

    private static Func<byte[]> ReadArchive(byte[] bytes)
    {
        using NpzFile file = NpzFile.Open(new MemoryStream(bytes), HostileReader.FileName);
        (string Name, ArrayContent Content)[] arrays =
        [
            .. file.Names.Order(StringComparer.Ordinal)
                .Select(name => (name, file.Read(name, name.StartsWith('l') ? ArrayKind.Labels : ArrayKind.Images))),
        ];
        return () => NumpyBytes.Npz([.. arrays.Select(array => (array.Name, Write(array.Content)))]);
    }

    private static byte[] Write(ArrayContent content)
    {
        string order = content.NumberBytes == 1 ? "|" : "<";
        string shape = string.Join(", ", content.Dimensions) + (content.Dimensions.Length == 1 ? "," : "");
        return NumpyBytes.Npy(
            $"'{order}{(content.IsSigned ? 'i' : 'u')}{content.NumberBytes}'", $"({shape})", content.Values.Memory.ToArray());
    }

    /// <summary>Small files that declare many values.</summary>
    private static IEnumerable<byte[]> Lies() =>
        from shape in (string[])["(2147483647, 1, 1)", "(32768, 32768, 2)", "(4294967296, 4294967296, 1)", "(1, 9223372036854775807, 9)"]
        select NumpyBytes.Npy("'|u1'", shape, new byte[48]);

    /// <summary>Changes the length of an archive's only entry in its central directory.</summary>
    private static byte[] WithDeclaredLength(byte[] archive, uint length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(archive.AsSpan().IndexOf("PK\x01\x02"u8) + 24), length);
        return archive;
    }
}
