using System.IO.Compression;
using System.Security.Cryptography;

namespace GenSomAttn.Formats;

/// <summary>
/// Reader of the content of a plain or gzip-compressed file that computes its hash and checksum. GZipStream alone would return short
/// data of a truncated file without an error, append further members and ignore trailing bytes.
/// </summary>
internal sealed class ContentReader : IDisposable
{
    // Upper bound of deflate's compression ratio: its best code is 258 bytes in 2 bits.
    private const long MaxDeflateRatio = 1032;

    private readonly Stream _file;
    private readonly GzipBody? _body;
    private readonly DeflateStream? _inflater;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Crc32 _crc;
    private long _length;

    /// <summary>Opens the content at its first byte.</summary>
    /// <param name="file">The seekable file; it is closed with this reader.</param>
    /// <param name="packed">Whether it is compressed.</param>
    /// <exception cref="InvalidDataException">The file is not gzip.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ContentReader(Stream file, bool packed)
    {
        _file = file;
        try
        {
            if (packed)
            {
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

    /// <summary>An upper bound of the content's length, known without decompressing it.</summary>
    public long MaxLength => _body is null ? _file.Length : MaxDeflateRatio * _file.Length;

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

        return _hash.GetHashAndReset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inflater?.Dispose();
        _body?.Dispose();
        _file.Dispose();
        _hash.Dispose();
    }

    private Stream Content => _inflater ?? _file;
}
