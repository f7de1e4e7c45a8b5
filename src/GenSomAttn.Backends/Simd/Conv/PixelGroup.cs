using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Conv;

/// <summary>Target pixels that meet the same kernel positions, and the packed weight of these positions.</summary>
internal unsafe struct PixelGroup<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>Entry of a table of offsets for a pixel outside the image.</summary>
    public const int Outside = -1;

    /// <summary>Target pixels in one image.</summary>
    public int Pixels;

    /// <summary>Kernel positions.</summary>
    public int Taps;

    /// <summary>(pixels, taps): offset of the source pixel in its image, or <see cref="Outside"/>.</summary>
    public int* Sources;

    /// <summary>(pixels): offset of the target pixel in its image.</summary>
    public int* Targets;

    /// <summary>(taps · source channels, target channels).</summary>
    public Panels<TVector> Panels;
}
