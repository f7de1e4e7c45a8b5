using System.Runtime.Intrinsics;
using GenSomAttn.Backends.Simd.Conv;
using GenSomAttn.Backends.Simd.Gemm;
using GenSomAttn.Backends.Simd.Threads;
using GenSomAttn.Backends.Simd.Vectors;
using GenSomAttn.Backends.Simd.Winograd;

namespace GenSomAttn.Backends.Simd;

/// <summary>Factory of the backend that computes with the processor's vectors on all its cores.</summary>
public static class SimdBackend
{
    /// <summary>Name on the accelerator flag.</summary>
    public const string Name = "cpu";

    /// <summary>Width of the vectors in bits: the widest that the processor has and the runtime enables.</summary>
    public static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    /// <summary>Creates the backend with the widest vectors.</summary>
    /// <param name="threads">Number of threads; 0 for one per processor.</param>
    public static Backend<float> Create(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        int workers = threads == 0 ? Environment.ProcessorCount : threads;
        return VectorBits switch
        {
            512 => new SimdBackend<Lanes512>(workers),
            256 => new SimdBackend<Lanes256>(workers),
            _ => new SimdBackend<Lanes128>(workers),
        };
    }
}

/// <summary>
/// All operations in plain C#: loops over vectors, split into items that threads share. Most of the arithmetic is GEMMs on the
/// micro-kernel <see cref="MatrixTile{TVector}"/>; the file of each such operation, or the type that it calls, describes how it becomes
/// a GEMM.
/// </summary>
internal sealed unsafe partial class SimdBackend<TVector> : Backend<float>
    where TVector : unmanaged, ISimdVector<TVector>
{
    private readonly WorkerPool _pool;
    private readonly Workspace _workspace;
    private readonly ConvByWindows<TVector> _byWindows;
    private readonly ConvByWinograd<TVector> _byWinograd;
    private readonly ConvByPixels<TVector> _byPixels;

    // Threads compute with addresses, which do not keep a buffer alive; so the backend references it until it is disposed.
    private readonly HashSet<object> _buffers = [];

    /// <summary>Starts the threads.</summary>
    public SimdBackend(int threads)
    {
        _pool = new WorkerPool(threads);
        _workspace = new Workspace(threads);
        _byWindows = new ConvByWindows<TVector>(_pool, _workspace);
        _byWinograd = new ConvByWinograd<TVector>(_pool, _workspace);
        _byPixels = new ConvByPixels<TVector>(_pool, _workspace);
    }

    /// <inheritdoc/>
    public override string Name => SimdBackend.Name;

    /// <inheritdoc/>
    public override string Description =>
        $"SIMD, {TVector.Count * 32}-bit vectors, {_pool.Workers} {(_pool.Workers == 1 ? "thread" : "threads")}";

    /// <inheritdoc/>
    public override bool ComputesInHostMemory => true;

    /// <inheritdoc/>
    public override DeviceBuffer<TElement> Allocate<TElement>(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var buffer = new HostBuffer<TElement>(length, _buffers);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <inheritdoc/>
    public override DeviceBuffer<TElement> Adopt<TElement>(ReadOnlyMemory<TElement> elements)
    {
        var buffer = new HostBuffer<TElement>(elements, _buffers);
        _buffers.Add(buffer);
        return buffer;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _pool.Dispose();
        _workspace.Dispose();
        _buffers.Clear();
    }
}
