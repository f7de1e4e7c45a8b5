using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace GenSomAttn.Tests.Support;

/// <summary>Writer of NumPy's files, independent of the program's reader.</summary>
internal static class NumpyBytes
{
    /// <summary>Returns an .npy file with a header as NumPy writes it, padded to 64 bytes.</summary>
    public static byte[] Npy(string type, string shape, byte[] values, string fortran = "False", byte major = 1) =>
        WithHeader($"{{'descr': {type}, 'fortran_order': {fortran}, 'shape': {shape}, }}", values, major);

    /// <summary>Returns an .npy file of images or labels of bytes.</summary>
    public static byte[] Of(byte[] values, params int[] shape) =>
        Npy("'|u1'", $"({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")})", values);

    /// <summary>Returns an .npy file with any header.</summary>
    public static byte[] WithHeader(string header, byte[] values, byte major = 1)
    {
        const int Alignment = 64;
        int lengthBytes = major == 1 ? 2 : 4;
        int start = 8 + lengthBytes;
        int padded = ((start + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - start;
        byte[] length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, padded);
        byte[] text = Encoding.Latin1.GetBytes(header.PadRight(padded - 1) + "\n");
        return [0x93, .. "NUMPY"u8, major, 0, .. length.AsSpan(0, lengthBytes), .. text, .. values];
    }

    /// <summary>Returns an .npz archive of .npy files.</summary>
    public static byte[] Npz(params (string Name, byte[] Npy)[] arrays) => Npz(CompressionLevel.Optimal, arrays);

    /// <summary>Returns an .npz archive with a compression.</summary>
    public static byte[] Npz(CompressionLevel level, params (string Name, byte[] Npy)[] arrays)
    {
        using MemoryStream file = new();
        using (ZipArchive archive = new(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] npy) in arrays)
            {
                ZipArchiveEntry entry = archive.CreateEntry(name + ".npy", level);
                entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream stream = entry.Open();
                stream.Write(npy);
            }
        }

        return file.ToArray();
    }
}
