using System.Diagnostics;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Conv;

/// <summary>
/// An algorithm of convolutions and transposed convolutions, which are the same three computations between a big and a small image (see
/// <see cref="ConvGeometry"/>). Element (tap, small channel, big channel) of a weight is weight[tap · Tap + small · Small + big · Big].
/// </summary>
internal abstract unsafe class ConvAlgorithm<TVector>(WorkerPool pool, Workspace workspace)
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>The threads.</summary>
    protected WorkerPool Pool { get; } = pool;

    /// <summary>The scratch memory.</summary>
    protected Workspace Workspace { get; } = workspace;

    /// <summary>
    /// Computes small = bias + the product of each window of big with the weight: the forward pass of a convolution and the gradient of a
    /// transposed convolution's input.
    /// </summary>
    public abstract void Gather(
        ConvGeometry geometry, float* big, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* small);

    /// <summary>
    /// Computes big = bias + the products of small pixels with the weight, each added where its window lies: the forward pass of a
    /// transposed convolution and the gradient of a convolution's input.
    /// </summary>
    public abstract void Scatter(
        ConvGeometry geometry, float* small, float* weight, (int Tap, int Small, int Big) strides, float* bias, float* big);

    /// <summary>
    /// Computes dWeight += Σ over pixels, for each kernel position, of the outer product left ⊗ right of a big and a small pixel. For a
    /// convolution the big pixel is the left operand (IC) and the small one the right (OC); for a transposed convolution it is the other
    /// way round, because its weight is (IC, KH, KW, OC) and its input is the small image.
    /// </summary>
    public abstract void AddWeightGradient(ConvGeometry geometry, float* big, float* small, bool bigIsLeft, float* dWeight);

    /// <summary>Packs the weight of <see cref="Gather"/>, (window, small channels).</summary>
    protected Panels<TVector> PackWindows(ConvGeometry geometry, float* weight, (int Tap, int Small, int Big) strides, float* bias)
    {
        // The kernel positions of a big channel follow each other, so that a window is one run of rows of the weight.
        Debug.Assert(strides.Tap == geometry.BigChannels * strides.Big, "windows are rows of the weight");
        return Panels<TVector>.Pack(
            Pool, weight, geometry.WindowLength, geometry.SmallChannels, strides.Big, strides.Small, bias,
            Workspace.Panels(Panels<TVector>.Length(geometry.WindowLength, geometry.SmallChannels)));
    }
}
