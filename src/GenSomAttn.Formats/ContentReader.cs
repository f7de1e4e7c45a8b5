using System.IO.Compression;
using System.Security.Cryptography;

namespace GenSomAttn.Formats;

/// <summary>
/// Reader of the content of a plain or gzip-compressed file, or of an entry of a zip archive, that computes its hash and checksum.
/// GZipStream alone would return short data of a truncated file without an error, append further members and ignore trailing bytes; an
/// archive's entry would be read without its checksum.
/// </summary>
internal sealed class ContentReader : IDisposable
{
    // Upper bound of deflate's compression ratio: its best code is 258 bytes in 2 bits.
    private const long MaxDeflateRatio = 1032;

    private readonly Stream _file;
    private readonly GzipBody? _body;
    private readonly DeflateStream? _inflater;
    private readonly uint? _entryCrc32;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Crc32 _crc;
    private long _length;

    /// <summary>Opens the content at its first byte. A file that begins like gzip is compressed, whatever its name.</summary>
    /// <param name="file">The seekable file; it is closed with this reader.</param>
    /// <exception cref="InvalidDataException">The file begins like gzip and is not.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ContentReader(Stream file)
    {
        _file = file;
        try
        {
            MaxLength = file.Length;
            if (BeginsAsGzip(file))
            {
                MaxLength *= MaxDeflateRatio;
                _body = new GzipBody(_file);
                _inflater = new DeflateStream(_body, CompressionMode.Decompress);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Opens an entry of a zip archive.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="archiveBytes">Length of the archive, against an entry that declares more than can be in it.</param>
    /// <exception cref="InvalidDataException">The entry is damaged or compressed in another way than with deflate.</exception>
    /// <exception cref="IOException">The archive cannot be read.</exception>
    public ContentReader(ZipArchiveEntry entry, long archiveBytes)
    {
        _file = entry.Open();
        _entryCrc32 = entry.Crc32;
        MaxLength = Math.Min(entry.Length, MaxDeflateRatio * Math.Min(entry.CompressedLength, archiveBytes));
    }

    /// <summary>Whether the content is compressed.</summary>
    public bool IsPacked => _inflater is not null;

    /// <summary>Whether the file stays open after this reader.</summary>
    public bool LeavesOpen { get; set; }

    /// <summary>Bytes of the content that were read.</summary>
    public long Position => _length;

    /// <summary>An upper bound of the content's length, known without decompressing it.</summary>
    public long MaxLength { get; }

    /// <summary>Reads the next bytes of the content.</summary>
    /// <exception cref="InvalidDataException">The content ends earlier, or its compression is damaged.</exception>
    public void ReadExactly(Span<byte> destination)
    {
        // In pieces, so that the bytes are in the processor's cache for hash and checksum.
        const int PieceBytes = 1 << 16;
        while (!destination.IsEmpty)
        {
            Span<byte> piece = destination[..Math.Min(destination.Length, PieceBytes)];
            int read = Content.ReadAtLeast(piece, piece.Length, throwOnEndOfStream: false);
            if (read < piece.Length)
            {
                throw new InvalidDataException($"its content ends after {_length + read} bytes; it is cut short.");
            }

            _hash.AppendData(piece);
            _crc.Append(piece);
            _length += read;
            destination = destination[piece.Length..];
        }
    }

    /// <summary>Skips bytes of the content, which still enter the hash.</summary>
    /// <exception cref="InvalidDataException">The content ends earlier, or its compression is damaged.</exception>
    public void Skip(long count)
    {
        byte[] scratch = new byte[Math.Min(count, 1 << 16)];
        for (long left = count; left > 0; left -= scratch.Length)
        {
            ReadExactly(scratch.AsSpan(0, (int)Math.Min(left, scratch.Length)));
        }
    }

    /// <summary>Checks that the content ends here, that nothing follows it, and that the checksum matches.</summary>
    /// <returns>SHA-256 of the whole content.</returns>
    /// <exception cref="InvalidDataException">More follows, or the checksum differs.</exception>
    public byte[] Finish()
    {
        if (Content.ReadByte() >= 0)
        {
            throw new InvalidDataException($"its content goes on after {_length} bytes.");
        }

        if (_body is not null)
        {
            if (!_body.IsConsumed)
            {
                throw new InvalidDataException("something follows its compressed data.");
            }

            if ((_body.ContentCrc32 != _crc.Value) || (_body.ContentLength != (uint)_length))
            {
                throw new InvalidDataException("its content does not fit the checksum in its gzip trailer.");
            }
        }

        if (_entryCrc32 is { } crc && crc != _crc.Value)
        {
            throw new InvalidDataException("its content does not fit the checksum in the archive.");
        }

        return _hash.GetHashAndReset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inflater?.Dispose();
        _body?.Dispose();
        if (!LeavesOpen)
        {
            _file.Dispose();
        }

        _hash.Dispose();
    }

    private Stream Content => _inflater ?? _file;

    private static bool BeginsAsGzip(Stream file)
    {
        Span<byte> start = stackalloc byte[2];
        int read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return read == start.Length && start.SequenceEqual<byte>([0x1F, 0x8B]);
    }
}
