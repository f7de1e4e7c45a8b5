using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace GenSomAttn.Formats;

/// <summary>An array of NumPy that grows along its first axis.</summary>
/// <param name="Name">Its name in the .npz file, or that of its .npy file.</param>
/// <param name="Type">Element type in NumPy's notation: "&lt;f4", "&lt;i4" or "&lt;f8".</param>
/// <param name="Row">The other axes; none for an array of one axis.</param>
public sealed record NpyArray(string Name, string Type, params IReadOnlyList<int> Row)
{
    /// <summary>Length of the first axis, where it is not that of the other arrays.</summary>
    public int? Rows { get; init; }
}

/// <summary>
/// Writer of arrays of NumPy as .npy files of version 1.0, or as an .npz file, its archive: an uncompressed ZIP file of them. The number
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
    /// <param name="path">The .npz file, or a file in the folder of the .npy files; the folder must exist.</param>
    /// <param name="arrays">The arrays, with the same number of rows but for those that have their own.</param>
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

    /// <summary>Writes the .npz file.</summary>
    /// <param name="rows">Rows of each array that has no number of its own.</param>
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
                Write(array, rows, content);
            }
        }

        file.Complete();
        file.SaveAs(_path);
    }

    /// <summary>Writes each array as a .npy file.</summary>
    /// <param name="rows">Rows of each array that has no number of its own.</param>
    /// <param name="paths">The files, in the order of the arrays and in the folder of the temporary files.</param>
    /// <exception cref="FileException">A file cannot be written.</exception>
    public void SaveEach(long rows, IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        for (int array = 0; array < _arrays.Count; array++)
        {
            using var file = new StreamedFile(paths[array]);
            Write(array, rows, file.Content);
            file.Complete();
            file.SaveAs(paths[array]);
        }
    }

    /// <summary>Deletes the temporary files.</summary>
    public void Dispose() => _rows.ForEach(file => file.Dispose());

    private void Write(int array, long rows, Stream content)
    {
        content.Write(HeaderOf(_arrays[array], _arrays[array].Rows ?? rows));
        _rows[array].CopyTo(content);
    }

    /// <summary>Returns magic number, version, length and description; spaces make it a multiple of 64 bytes.</summary>
    private static byte[] HeaderOf(NpyArray array, long rows)
    {
        string row = string.Join(", ", array.Row.Select(axis => axis.ToString(CultureInfo.InvariantCulture)));
        string shape = string.Create(CultureInfo.InvariantCulture, $"({rows},{(row.Length > 0 ? $" {row}" : "")})");
        string description = $"{{'descr': '{array.Type}', 'fortran_order': False, 'shape': {shape}, }}";
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0];
        int length = start.Length + sizeof(ushort) + description.Length + 1;
        int padding = (HeaderUnit - (length % HeaderUnit)) % HeaderUnit;
        int bytes = description.Length + padding + 1;
        return [.. start, (byte)bytes, (byte)(bytes >> 8), .. Encoding.ASCII.GetBytes(description + new string(' ', padding) + '\n')];
    }
}
