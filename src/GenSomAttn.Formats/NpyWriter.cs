using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace GenSomAttn.Formats;

/// <summary>An array of an .npz file that grows along its first axis.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Element type in NumPy's notation: "&lt;f4", "&lt;i4" or "&lt;f8".</param>
/// <param name="Width">Elements of a row; null for an array of one axis.</param>
public sealed record NpyArray(string Name, string Type, int? Width);

/// <summary>
/// Writer of an .npz file, NumPy's archive of arrays: an uncompressed ZIP file with a .npy file of version 1.0 for each array. The number
/// of rows stands before them, so that the rows wait in temporary files until it is known.
/// </summary>
/// <remarks>NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".</remarks>
public sealed class NpyWriter : IDisposable
{
    private const int HeaderUnit = 64;
    private readonly string _path;
    private readonly IReadOnlyList<NpyArray> _arrays;
    private readonly List<StreamedFile> _rows = [];

    /// <summary>Creates the temporary files.</summary>
    /// <param name="path">The .npz file; its folder must exist.</param>
    /// <param name="arrays">The arrays, all with the same number of rows.</param>
    /// <exception cref="FileException">A file cannot be created.</exception>
    public NpyWriter(string path, params IReadOnlyList<NpyArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        _path = path;
        _arrays = arrays;
        foreach (NpyArray array in arrays)
        {
            _rows.Add(new StreamedFile($"{path}.{array.Name}"));
        }
    }

    /// <summary>Appends rows to an array.</summary>
    /// <param name="array">Index of the array.</param>
    /// <param name="values">The values, row by row, of the array's element type.</param>
    public void Append<T>(int array, ReadOnlySpan<T> values)
        where T : unmanaged => _rows[array].Content.Write(MemoryMarshal.AsBytes(values));

    /// <summary>Writes the file.</summary>
    /// <param name="rows">Rows of each array.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Save(long rows)
    {
        using var file = new StreamedFile(_path);
        using (var archive = new ZipArchive(file.Content, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int array = 0; array < _arrays.Count; array++)
            {
                ZipArchiveEntry entry = archive.CreateEntry($"{_arrays[array].Name}.npy", CompressionLevel.NoCompression);

                // The first time that ZIP can express, so that the same arrays are the same file.
                entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream content = entry.Open();
                content.Write(HeaderOf(_arrays[array], rows));
                _rows[array].CopyTo(content);
            }
        }

        file.Complete();
        file.SaveAs(_path);
    }

    /// <summary>Deletes the temporary files.</summary>
    public void Dispose() => _rows.ForEach(file => file.Dispose());

    /// <summary>Returns magic number, version, length and description; spaces make it a multiple of 64 bytes.</summary>
    private static byte[] HeaderOf(NpyArray array, long rows)
    {
        string shape = string.Create(CultureInfo.InvariantCulture, $"({rows},{(array.Width is { } width ? $" {width}" : "")})");
        string description = $"{{'descr': '{array.Type}', 'fortran_order': False, 'shape': {shape}, }}";
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0];
        int length = start.Length + sizeof(ushort) + description.Length + 1;
        int padding = (HeaderUnit - (length % HeaderUnit)) % HeaderUnit;
        int bytes = description.Length + padding + 1;
        return [.. start, (byte)bytes, (byte)(bytes >> 8), .. Encoding.ASCII.GetBytes(description + new string(' ', padding) + '\n')];
    }
}
