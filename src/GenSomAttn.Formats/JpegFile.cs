using System.Buffers;
using System.Buffers.Binary;

namespace GenSomAttn.Formats;

/// <summary>
/// Validator of the structure of a JPEG file before decoding (ITU-T T.81, annex B). The format has no checksum; a decoder reads missing
/// bits as zeros and blocks without a scan as gray. So every component must have its scan, every scan all of its restart intervals, and the
/// file its end marker. Damage within an interval is not detectable and yields a damaged picture.
/// </summary>
internal ref struct JpegFile
{
    // A picture of the largest size has 10 million in one scan, a progressive one of 100 megapixels 27 million in the usual ten scans;
    // decoding a file of nothing but scans could take hours.
    private const long MaxBlocks = 64_000_000;
    private const int RgbBytes = 3;
    private const int CoefficientBytes = 2;

    private const byte Marker = 0xFF;
    private const byte EndOfImage = 0xD9;

    // Both tell how components stand for colors.
    private const byte JfifSegment = 0xE0;
    private const byte AdobeSegment = 0xEE;
    private const byte ExifSegment = 0xE1;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _restartInterval;
    private bool _isProgressive;
    private long _blocks;
    private (int Width, int Height) _size;
    private Component[] _components = [];
    private int _orientation = 1;

    /// <summary>The segments that the decoder needs.</summary>
    private readonly ArrayBufferWriter<byte> _kept = new();

    private JpegFile(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _position = 2;
        _kept.Write(bytes[..2]);
    }

    /// <summary>Returns whether the bytes begin with the signature of a JPEG file.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes.StartsWith<byte>([Marker, 0xD8]);

    /// <summary>Checks the structure.</summary>
    /// <returns>
    /// The file without metadata, bytes between segments, and what follows its end, such as a camera's second picture.
    /// </returns>
    /// <exception cref="InvalidDataException">The file is damaged, of an unsupported kind or too large.</exception>
    public static CheckedPicture Read(ReadOnlySpan<byte> bytes)
    {
        JpegFile file = new(bytes);
        while (file.ReadSegment())
        {
        }

        if (file._components.Length == 0 || !Array.TrueForAll(file._components, component => component.IsCoded))
        {
            throw new InvalidDataException("it ends before each of its components has had a scan.");
        }

        file._kept.Write([Marker, EndOfImage]);
        byte[] kept = file._kept.WrittenSpan.ToArray();
        return new CheckedPicture(kept, file._size.Width, file._size.Height, RgbBytes) { Orientation = file._orientation };
    }

    /// <summary>Reads a segment; returns false at the end of the picture.</summary>
    private bool ReadSegment()
    {
        byte marker = NextMarker();
        if (marker == EndOfImage)
        {
            return false;
        }

        int length = _bytes.Length - _position < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(_bytes[_position..]);
        if (length < 2 || length > _bytes.Length - _position)
        {
            throw new InvalidDataException($"it is cut short, or the length of segment {marker:X2} is wrong.");
        }

        ReadOnlySpan<byte> data = _bytes.Slice(_position + 2, length - 2);
        int begin = _position;
        _position += length;
        bool isKept = true;
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2 when _components.Length == 0:
                _isProgressive = marker == 0xC2;
                ReadFrame(data);
                break;
            case 0xC4:
                CheckTables(data, static rest => rest.Length < 17 ? int.MaxValue : 17 + Sum(rest.Slice(1, 16)));
                break;
            case 0xDB:
                CheckTables(data, static rest => rest[0] < 16 ? 65 : 129);
                break;
            case 0xDA when _components.Length > 0:
                (int units, long fewestBits) = ReadScan(data);
                SkipScan(units, fewestBits);
                break;
            case 0xDD when data.Length == 2:
                _restartInterval = BinaryPrimitives.ReadUInt16BigEndian(data);
                break;
            case JfifSegment or AdobeSegment:
                break;
            case ExifSegment when data.StartsWith("Exif\0\0"u8):
                _orientation = ExifOrientation.Of(data[6..]);
                isKept = false;
                break;
            case (>= 0xE0 and <= 0xEF) or 0xFE:
                isKept = false;
                break;
            default:
                throw new InvalidDataException($"it has a segment {marker:X2} that is not known or not at its place.");
        }

        if (isKept)
        {
            _kept.Write([Marker, marker]);
            _kept.Write(_bytes[begin.._position]);
        }

        return true;
    }

    /// <summary>Finds the next marker. Bytes before it are skipped, as other readers do: some writers leave a few.</summary>
    private byte NextMarker()
    {
        int at = _position;
        while (at + 1 < _bytes.Length && (_bytes[at] != Marker || _bytes[at + 1] is 0 or Marker))
        {
            at++;
        }

        if (at + 1 >= _bytes.Length)
        {
            throw new InvalidDataException($"it has no marker from byte {_position} on; it is cut short or damaged.");
        }

        _position = at + 2;
        return _bytes[at + 1];
    }

    private void ReadFrame(ReadOnlySpan<byte> data)
    {
        if (data.Length < 6 || data.Length != 6 + (3 * data[5]) || data[5] is not (1 or 3 or 4) || data[0] != 8)
        {
            throw new InvalidDataException("its frame is not one of 1, 3 or 4 components of 8 bits.");
        }

        _size = (BinaryPrimitives.ReadUInt16BigEndian(data[3..]), BinaryPrimitives.ReadUInt16BigEndian(data[1..]));
        PictureLimits.CheckSize(_size.Width, _size.Height, RgbBytes);
        _components = new Component[data[5]];
        for (int i = 0; i < _components.Length; i++)
        {
            byte factors = data[7 + (3 * i)];
            _components[i] = new Component(data[6 + (3 * i)], factors >> 4, factors & 15);
            if (_components[i] is not { Across: 1 or 2 or 4, Down: 1 or 2 or 4 })
            {
                throw new InvalidDataException("a component of it has a sampling factor that is not 1, 2 or 4.");
            }
        }
    }

    /// <summary>
    /// Reads a scan header: marks the components that the scan codes, and returns its number of coding units (MCUs), in which restart
    /// intervals are counted, and its minimum number of bits: one per block for the DC coefficient, and one more for the AC coefficients
    /// in a sequential picture.
    /// </summary>
    private (int Units, long FewestBits) ReadScan(ReadOnlySpan<byte> data)
    {
        if (data.Length < 1 || data.Length != 4 + (2 * data[0]) || data[0] < 1 || data[0] > _components.Length)
        {
            throw new InvalidDataException("the header of a scan is damaged.");
        }

        // The first scan of a component in a progressive picture codes the high bits of the DC coefficients; later scans refine them.
        int last = 1 + (2 * data[0]);
        bool isFirst = !_isProgressive || (data[last] == 0 && data[last + 2] >> 4 == 0);
        Component[] coded = new Component[data[0]];
        for (int i = 0; i < coded.Length; i++)
        {
            byte id = data[1 + (2 * i)];
            coded[i] = Array.Find(_components, component => component.Id == id)
                ?? throw new InvalidDataException("a scan codes a component that its frame does not have.");
            if (!_isProgressive && coded[i].IsCoded)
            {
                throw new InvalidDataException("a scan codes a component a second time.");
            }

            coded[i].IsCoded |= isFirst;
            if (!coded[i].IsCoded)
            {
                throw new InvalidDataException("a scan refines a component that none has begun.");
            }
        }

        (int most, int mostDown) = (_components.Max(component => component.Across), _components.Max(component => component.Down));
        if (_isProgressive || coded.Length != _components.Length)
        {
            // The decoder keeps the coefficients of all components until the last scan.
            int coefficients = Divide(_components.Sum(component => component.Across * component.Down), most * mostDown);
            PictureLimits.CheckSize(_size.Width, _size.Height, RgbBytes + (CoefficientBytes * coefficients));
        }

        int units = coded.Length == 1
            ? Divide(_size.Width * coded[0].Across, 8 * most) * Divide(_size.Height * coded[0].Down, 8 * mostDown)
            : Divide(_size.Width, 8 * most) * Divide(_size.Height, 8 * mostDown);
        long blocks = coded.Length == 1 ? units : (long)units * coded.Sum(component => component.Across * component.Down);
        _blocks += blocks;
        int bitsOfBlock = !_isProgressive ? 2 : data[last] == 0 ? 1 : 0;
        return _blocks <= MaxBlocks
            ? (units, blocks * bitsOfBlock)
            : throw new InvalidDataException($"its scans code more than {MaxBlocks} blocks of 8 x 8 pixels.");
    }

    /// <summary>Skips the entropy-coded data up to the next marker, and checks the number of restart markers.</summary>
    private void SkipScan(int units, long fewestBits)
    {
        int restarts = 0;
        int start = _position;
        int begin = start;
        while (true)
        {
            int at = _bytes[_position..].IndexOf(Marker);
            int code = at < 0 ? _bytes.Length : _position + at + 1;
            while (code < _bytes.Length && _bytes[code] == Marker)
            {
                code++;
            }

            if (code >= _bytes.Length)
            {
                throw new InvalidDataException("it is cut short within a scan.");
            }

            bool isRestart = _bytes[code] is >= 0xD0 and <= 0xD7;
            if (_bytes[code] != 0 && _position + at == begin)
            {
                throw new InvalidDataException("an interval of a scan is empty.");
            }

            if (_bytes[code] != 0 && !isRestart)
            {
                _position += at;
                break;
            }

            _position = code + 1;
            restarts += isRestart ? 1 : 0;
            begin = isRestart ? _position : begin;
        }

        if (8L * (_position - start) < fewestBits)
        {
            throw new InvalidDataException($"it is cut short: {_position - start} bytes of a scan are fewer than its blocks take.");
        }

        int expected = _restartInterval == 0 ? 0 : (units - 1) / _restartInterval;
        if (restarts != expected)
        {
            throw new InvalidDataException($"a scan of it has {restarts} restart markers instead of {expected}; it is damaged.");
        }
    }

    private static void CheckTables(ReadOnlySpan<byte> rest, Func<ReadOnlySpan<byte>, int> lengthOfFirst)
    {
        while (!rest.IsEmpty)
        {
            int length = lengthOfFirst(rest);
            rest = length <= rest.Length ? rest[length..] : throw new InvalidDataException("a table of it does not fit its segment.");
        }
    }

    private static int Sum(ReadOnlySpan<byte> counts)
    {
        int sum = 0;
        foreach (byte count in counts)
        {
            sum += count;
        }

        return sum;
    }

    private static int Divide(int value, int by) => (value + by - 1) / by;

    /// <summary>A component of the frame: its identifier and its horizontal and vertical sampling factors.</summary>
    private sealed class Component(byte id, int across, int down)
    {
        public byte Id => id;

        public int Across => across;

        public int Down => down;

        public bool IsCoded { get; set; }
    }
}
