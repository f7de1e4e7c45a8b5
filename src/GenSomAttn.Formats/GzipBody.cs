using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>
/// Stream of the compressed bytes of a gzip file, between its header and its trailer. Near the end it returns single bytes, so that
/// the decoder cannot read ahead and <see cref="IsConsumed"/> is false if anything follows the compressed data.
/// </summary>
/// <remarks>Layout of header and trailer: RFC 1952, section 2.3.</remarks>
internal sealed class GzipBody : Stream
{
    private const int HeaderBytes = 10;
    private const int TrailerBytes = 8;

    // Twice the buffer of DeflateStream: its read-ahead in whole blocks never reaches the end.
    private const int SingleBytes = 16384;

    private readonly Stream _file;
    private readonly long _end;

    /// <summary>Reads the header and the trailer; the position is then the first compressed byte.</summary>
    /// <param name="file">The seekable file; it is closed with this stream.</param>
    /// <exception cref="InvalidDataException">The file does not begin with a gzip header.</exception>
    public GzipBody(Stream file)
    {
        _file = file;
        _end = file.Length - TrailerBytes;
        Span<byte> trailer = stackalloc byte[TrailerBytes];
        if (_end < HeaderBytes)
        {
            throw new InvalidDataException($"it has {file.Length} bytes, fewer than a gzip file.");
        }

        file.Position = _end;
        file.ReadExactly(trailer);
        ContentCrc32 = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        ContentLength = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        file.Position = 0;
        SkipHeader();
    }

    /// <summary>CRC-32 of the content, from the trailer.</summary>
    public uint ContentCrc32 { get; }

    /// <summary>Length of the content modulo 2^32, from the trailer.</summary>
    public uint ContentLength { get; }

    /// <summary>Whether all compressed bytes have been read.</summary>
    public bool IsConsumed => _file.Position == _end;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        long left = _end - _file.Position;
        int count = (int)Math.Min(buffer.Length, left > SingleBytes ? left - SingleBytes : Math.Min(left, 1));
        return _file.Read(buffer[..count]);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private void SkipHeader()
    {
        const int HeaderCrc = 2;
        const int ExtraField = 4;
        const int FileName = 8;
        const int Comment = 16;
        Span<byte> header = stackalloc byte[HeaderBytes];
        _file.ReadExactly(header);
        int flags = header[3];
        if (!header.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B, 8]) || (flags > 0x1F))
        {
            throw new InvalidDataException("it does not begin with a gzip header.");
        }

        if ((flags & ExtraField) != 0)
        {
            int length = NextByte() + (NextByte() << 8);
            _file.Position += length;
        }

        foreach (int textFlag in (ReadOnlySpan<int>)[FileName, Comment])
        {
            while (((flags & textFlag) != 0) && (NextByte() != 0))
            {
            }
        }

        if ((flags & HeaderCrc) != 0)
        {
            _file.Position += 2;
        }

        if (_file.Position > _end)
        {
            throw new InvalidDataException("its gzip header reaches into its trailer.");
        }
    }

    private int NextByte()
    {
        int value = _file.ReadByte();
        return value >= 0 ? value : throw new InvalidDataException("it ends within its gzip header.");
    }
}
