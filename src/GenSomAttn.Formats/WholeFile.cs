using System.Text;
using System.Text.Unicode;

namespace GenSomAttn.Formats;

/// <summary>Reader of small files as a whole, up to a limit above any valid length.</summary>
public static class WholeFile
{
    private const int FirstBytes = 4096;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, or a pipe: the file system's length is only an initial guess.</param>
    /// <param name="maxBytes">Maximum length.</param>
    /// <exception cref="InvalidDataException">It is longer.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public static byte[] Read(string path, int maxBytes)
    {
        RefuseFolder(path);
        using FileStream file = File.OpenRead(path);
        long guess = file.CanSeek ? file.Length : FirstBytes;

        // One byte more than expected, to detect the end of the file.
        byte[] bytes = new byte[1 + Math.Min(guess, maxBytes)];
        int count = 0;
        for (int read = file.Read(bytes); read > 0; read = file.Read(bytes.AsSpan(count)))
        {
            count += read;
            if (count > maxBytes)
            {
                throw new InvalidDataException($"it is longer than {maxBytes} bytes.");
            }

            if (count == bytes.Length)
            {
                Array.Resize(ref bytes, 1 + (int)Math.Min(maxBytes, Math.Max(FirstBytes, 2L * count)));
            }
        }

        return bytes[..count];
    }

    /// <summary>Throws a clear exception for a folder; the runtime's would be "access denied".</summary>
    /// <exception cref="IOException">The path is a folder.</exception>
    public static void RefuseFolder(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException("it is a folder, and a file is needed.");
        }
    }

    /// <summary>Removes the UTF-8 byte order mark, if there is one.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes)
        => bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;

    /// <summary>Checks that bytes are valid UTF-8 without a byte order mark.</summary>
    /// <exception cref="InvalidDataException">They are not.</exception>
    public static void CheckUtf8(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            throw new InvalidDataException("it is not a text in UTF-8.");
        }

        if (bytes.StartsWith(Encoding.UTF8.Preamble))
        {
            throw new InvalidDataException("it begins with a byte order mark: save it as UTF-8 without one.");
        }
    }
}
