using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>
/// A CUDA graph: kernel launches that are captured from a stream once and then replayed with a single launch, which costs the host no
/// more than the launch of one kernel. ILGPU has no API for graphs, but its stream is the driver's, so that its launches can be captured.
/// Source: CUDA driver API, "Graph Management" and "Stream Management".
/// </summary>
/// <remarks>
/// Requirements: a warm-up run before the capture, because a kernel is loaded at its first launch and module loading cannot be captured;
/// the same stream for all launches; the same buffers, sizes and settings in every run; no copy to or from the host, no synchronization
/// and no allocation on the device within the work.
/// A replay repeats the captured launches with the captured arguments; the work itself does not run on the host again. Freeing or
/// reallocating a captured buffer, another batch size and other settings invalidate the graph. Nothing detects this: a replay would use
/// the old addresses and sizes. The graph lives until it is disposed.
/// </remarks>
/// <param name="backend">Counts the launches; while its operations are profiled, the work runs directly.</param>
/// <param name="work">Launches kernels into the stream.</param>
/// <param name="stream">The stream of all launches.</param>
internal sealed partial class CudaGraph(IlgpuBackend backend, Action work, CudaStream stream) : CapturedStep(work)
{
    /// <summary>CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: only this thread's calls to the driver are restricted during the capture.</summary>
    private const int CaptureOfThisThread = 1;

    private bool _isWarm;
    private nint _graph;
    private long _launches;

    /// <summary>
    /// Runs the work: directly the first time (the warm-up, which loads the kernels), by capturing it and launching the graph the second
    /// time, and by replaying the graph from then on.
    /// </summary>
    /// <exception cref="InvalidOperationException">The driver returned an error.</exception>
    public override void Run()
    {
        if (!_isWarm || backend.Observer is not null)
        {
            base.Run();
            _isWarm = true;
            return;
        }

        if (_graph == 0)
        {
            // The capture counts the launches that it records; from then on the host launches none of them.
            long before = backend.Counters!.Value.Launches;
            _graph = Record();
            _launches = backend.Counters!.Value.Launches - before;
        }
        else
        {
            backend.CountLaunches(_launches);
        }

        Check(Launch(_graph, stream.StreamPtr), "launch the CUDA graph");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_graph != 0)
        {
            // A launch of it may still be queued.
            stream.Synchronize();
            Check(Destroy(_graph), "destroy the CUDA graph");
            _graph = 0;
        }

        base.Dispose(disposing);
    }

    private nint Record()
    {
        Check(BeginCapture(stream.StreamPtr, CaptureOfThisThread), "begin a stream capture");
        try
        {
            base.Run();
        }
        catch
        {
            // The exception of the work is the one to report; what was captured until then is freed.
            if (EndCapture(stream.StreamPtr, out nint partial) == 0)
            {
                _ = DestroyRecorded(partial);
            }

            throw;
        }

        Check(EndCapture(stream.StreamPtr, out nint recorded), "end the stream capture");
        int instantiated = Instantiate(out nint graph, recorded, 0);
        int destroyed = DestroyRecorded(recorded);
        Check(instantiated, "instantiate the CUDA graph");
        Check(destroyed, "destroy the captured graph");
        return graph;
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"The CUDA driver cannot {what}: error {error}.");
        }
    }

    [LibraryImport(NativeLibraries.CudaName, EntryPoint = "cuStreamBeginCapture_v2")]
    private static partial int BeginCapture(nint stream, int mode);

    [LibraryImport(NativeLibraries.CudaName, EntryPoint = "cuStreamEndCapture")]
    private static partial int EndCapture(nint stream, out nint graph);

    [LibraryImport(NativeLibraries.CudaName, EntryPoint = "cuGraphInstantiateWithFlags")]
    private static partial int Instantiate(out nint executable, nint graph, ulong flags);

    [LibraryImport(NativeLibraries.CudaName, EntryPoint = "cuGraphLaunch")]
    private static partial int Launch(nint executable, nint stream);

    [LibraryImport(NativeLibraries.CudaName, EntryPoint = "cuGraphExecDestroy")]
    private static partial int Destroy(nint executable);

    [LibraryImport(NativeLibraries.CudaName, EntryPoint = "cuGraphDestroy")]
    private static partial int DestroyRecorded(nint graph);
}
