using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Conv;

/// <summary>The pairs of a big and a small pixel that meet under one kernel position, in blocks.</summary>
internal unsafe struct PixelPairs<TVector>(ConvGeometry geometry, int tap)
    where TVector : unmanaged, ISimdVector<TVector>
{
    private readonly int _tapRow = tap / geometry.KernelWidth;
    private readonly int _tapColumn = tap % geometry.KernelWidth;
    private int _smallRow;
    private int _column;

    /// <summary>Writes the offsets of the next pairs; returns their number, 0 at the end.</summary>
    public int Next(int* bigOffsets, int* smallOffsets)
    {
        int count = 0;
        for (; _smallRow < geometry.Batch * geometry.SmallHeight; _smallRow++, _column = 0)
        {
            (int image, int h) = Math.DivRem(_smallRow, geometry.SmallHeight);
            int bigRow = (h * geometry.Stride) + _tapRow - geometry.PaddingHeight;
            if (bigRow < 0 || bigRow >= geometry.BigHeight)
            {
                continue;
            }

            int bigStart = ((image * geometry.BigHeight) + bigRow) * geometry.BigWidth;
            for (; _column < geometry.SmallWidth; _column++)
            {
                int bigColumn = (_column * geometry.Stride) + _tapColumn - geometry.PaddingWidth;
                if (bigColumn < 0 || bigColumn >= geometry.BigWidth)
                {
                    continue;
                }

                if (count == OuterProducts<TVector>.BlockRows)
                {
                    return count;
                }

                bigOffsets[count] = (bigStart + bigColumn) * geometry.BigChannels;
                smallOffsets[count] = ((_smallRow * geometry.SmallWidth) + _column) * geometry.SmallChannels;
                count++;
            }
        }

        return count;
    }
}
