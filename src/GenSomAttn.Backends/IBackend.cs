namespace GenSomAttn.Backends;

/// <summary>
/// What computes: the operations of the network and the map, on one device. The reference defines their meaning
/// (<c>Reference/ReferenceOps</c>); every other backend agrees with it within the tolerance written beside its test.
/// </summary>
/// <remarks>
/// The calling convention of all operations:
/// <list type="number">
/// <item>Inputs first, then saved tensors, then the shape, then settings, then outputs.</item>
/// <item>The caller allocates every output; an operation allocates nothing that outlives it.</item>
/// <item>Gradients of parameters (dWeight, dBias), and those of GaussianSample, are added to; every other output is overwritten. The
/// summary says so.</item>
/// <item>Row-major, densely packed. Images (N, H, W, C), so that a convolution is a matrix product over
/// (pixels, KH·KW·IC); conv weights (KH, KW, IC, OC), transposed-conv weights (IC, KH, KW, OC), linear weights (in, out).</item>
/// <item>Outputs never alias inputs unless the summary says "may alias".</item>
/// <item>The lowest index wins a tie; a not-a-number never wins.</item>
/// <item>Lengths are checked here, on the host, by <see cref="OpChecks"/>; below that, arguments are taken to be valid.</item>
/// <item>Sums have a fixed shape that depends on sizes alone: the same bits at any number of threads.</item>
/// </list>
/// Letters in shapes: N batch, H and W pixels, IC and OC channels, T tokens, C width, H heads, U units, D codebook dimension.
/// </remarks>
public interface IBackend :
    IConvOps, ILinearOps, INormOps, IAttentionOps, IActivationOps, IElementwiseOps,
    ILossOps, IOptimizerOps, IDataOps, IRandomOps, ISomOps, IDisposable
{
    /// <summary>Name on the accelerator flag: "cpu", or "reference".</summary>
    string Name { get; }

    /// <summary>What it runs on, for a person: instruction set, threads.</summary>
    string Description { get; }

    /// <summary>
    /// True if buffers lie in the host's memory and an operation is done when it returns; then reading a buffer costs nothing. A device
    /// is asked and goes on by itself, and every reading waits for it.
    /// </summary>
    bool ComputesInHostMemory { get; }

    /// <summary>What the device was asked to do so far; null where there is none but the host.</summary>
    DeviceCounters? Counters => null;

    /// <summary>
    /// What does some work again and again: the same operations, on the same buffers, with the same sizes and settings. A device may keep what
    /// it was asked the first time and from then on ask for all of it at once; the host's part of the work is then not done again.
    /// </summary>
    /// <param name="work">Operations of this backend alone, and no copies.</param>
    Action CaptureStep(Action work) => work;

    /// <summary>Zero-filled storage on the device.</summary>
    /// <param name="length">Elements; at least 1.</param>
    DeviceBuffer<T> Allocate<T>(int length)
        where T : unmanaged;

    /// <summary>Storage on the device with these elements, for reading alone. Where the device is the host, it is the array itself.</summary>
    /// <param name="elements">At least 1; nobody may change them while the buffer lives.</param>
    DeviceBuffer<T> Adopt<T>(T[] elements)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(elements);
        DeviceBuffer<T> buffer = Allocate<T>(elements.Length);
        buffer.CopyFrom(elements);
        return buffer;
    }
}
