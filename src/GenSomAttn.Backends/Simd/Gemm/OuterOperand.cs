using GenSomAttn.Backends.Simd.Vectors;
using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Gemm;

/// <summary>An operand of <see cref="OuterProducts{TVector}"/>: rows of one width, addressed by their offsets.</summary>
internal readonly unsafe struct OuterOperand(float* data, int* offsets, int width)
{
    public float* Data { get; } = data;

    public int* Offsets { get; } = offsets;

    public int Width { get; } = width;

    /// <summary>Floats from these rows to the same rows of the operand that is probably needed next; 0 for none.</summary>
    public long Ahead { get; init; }

    /// <summary>Prefetches one of several equal parts of the next operand's rows.</summary>
    public void FetchAhead(int rows, int part, int parts)
    {
        if (Ahead == 0)
        {
            return;
        }

        int end = rows * (part + 1) / parts;
        for (int row = rows * part / parts; row < end; row++)
        {
            Prefetch.Row(Data + Offsets[row] + Ahead, Width);
        }
    }

    /// <summary>Returns the operand itself if its width is a multiple of the tile's, else a copy padded with zeros.</summary>
    public OuterOperand Padded(int multiple, int rows, float* copy, int* copyOffsets)
    {
        if (Width % multiple == 0)
        {
            return this;
        }

        int padded = RoundUp(Width, multiple);
        for (int row = 0; row < rows; row++)
        {
            copyOffsets[row] = row * padded;
            var target = new Span<float>(copy + (row * padded), padded);
            new Span<float>(Data + Offsets[row], Width).CopyTo(target);
            target[Width..].Clear();
        }

        return new OuterOperand(copy, copyOffsets, padded);
    }
}
