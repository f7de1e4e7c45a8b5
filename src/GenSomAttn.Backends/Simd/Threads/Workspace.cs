using static GenSomAttn.Backends.Rounding;

namespace GenSomAttn.Backends.Simd.Threads;

/// <summary>
/// Scratch memory of operations. It grows to the largest size needed and stays allocated, so that a training step allocates nothing once
/// every operation has run at its largest size.
/// </summary>
internal sealed unsafe class Workspace(int workers) : IDisposable
{
    private const int FloatsPerLine = 16;

    private readonly GrowingBuffer<float> _panels = new();
    private readonly GrowingBuffer<float> _shared = new();
    private readonly GrowingBuffer<float> _zeros = new();
    private readonly GrowingBuffer<float> _perWorker = new();
    private readonly GrowingBuffer<int> _offsets = new();

    /// <summary>Returns memory for the packed panels of a GEMM; contents undefined.</summary>
    public float* Panels(int floats) => _panels.AtLeast(floats);

    /// <summary>Returns memory for partial results of a job; contents undefined.</summary>
    public float* Shared(int floats) => _shared.AtLeast(floats);

    /// <summary>Returns floats that are 0 and stay so: the padding around an image.</summary>
    public float* Zeros(int floats) => _zeros.AtLeast(floats);

    /// <summary>Returns memory for tables of offsets; contents undefined.</summary>
    public int* Offsets(int count) => _offsets.AtLeast(count);

    /// <summary>Returns memory for each worker; contents undefined.</summary>
    /// <exception cref="InvalidOperationException">The total exceeds the maximum length of an array.</exception>
    public WorkerScratch PerWorker(int floats)
    {
        int stride = RoundUp(floats, FloatsPerLine);
        long all = (long)stride * workers;
        if (all > Array.MaxLength - FloatsPerLine)
        {
            throw new InvalidOperationException(
                $"An operation needs room for {floats} numbers on each of {workers} threads, more than {Array.MaxLength} in all: "
                + "take fewer threads or smaller images.");
        }

        return new WorkerScratch(_perWorker.AtLeast((int)all), stride);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _panels.Dispose();
        _shared.Dispose();
        _zeros.Dispose();
        _perWorker.Dispose();
        _offsets.Dispose();
    }

    /// <summary>A buffer that is replaced by a larger one when it is too small.</summary>
    private sealed class GrowingBuffer<T> : IDisposable
        where T : unmanaged
    {
        private HostBuffer<T> _buffer = new(FloatsPerLine);

        public T* AtLeast(int length)
        {
            if (_buffer.Length < length)
            {
                _buffer.Dispose();
                _buffer = new HostBuffer<T>(length);
            }

            return _buffer.Address;
        }

        public void Dispose() => _buffer.Dispose();
    }
}

/// <summary>The scratch memory of each worker of a job.</summary>
internal readonly unsafe struct WorkerScratch(float* start, int stride)
{
    private readonly float* _start = start;

    /// <summary>Returns the scratch memory of one worker.</summary>
    public float* For(int worker) => _start + ((long)worker * stride);
}
