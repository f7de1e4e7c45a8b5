using System.Text;
using System.Text.Unicode;

namespace GenSomAttn.Model.Data;

/// <summary>Small files that are read as a whole, up to a length that no honest one has.</summary>
internal static class WholeFile
{
    private const int FirstBytes = 4096;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, or a pipe: the length that the file system tells is no more than a first guess.</param>
    /// <param name="maxBytes">The most that it may have.</param>
    /// <exception cref="InvalidDataException">It is longer.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public static byte[] Read(string path, int maxBytes)
    {
        RefuseFolder(path);
        using FileStream file = File.OpenRead(path);
        long guess = file.CanSeek ? file.Length : FirstBytes;

        // One byte more than there should be, to see that the file ends.
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

    /// <summary>Says of a folder that it is one: the runtime would say that access to it is denied.</summary>
    /// <exception cref="IOException">It is one.</exception>
    public static void RefuseFolder(string path)
    {
        if (Directory.Exists(path))
        {
            throw new IOException("it is a folder, and a file is needed.");
        }
    }

    /// <summary>A text in UTF-8 without the mark that some editors put before it.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> bytes)
        => bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;

    /// <summary>Checks that bytes are a text in UTF-8, without the mark that some editors put before it.</summary>
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
