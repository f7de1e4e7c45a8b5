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
/// <param name="work">Launches kernels into the stream.</param>
/// <param name="stream">The stream of all launches.</param>
internal sealed partial class CudaGraph(Action work, CudaStream stream) : IDisposable
{
    /// <summary>CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: only this thread's calls to the driver are restricted during the capture.</summary>
    private const int CaptureOfThisThread = 1;

    private bool _isWarm;
    private nint _graph;

    /// <summary>
    /// Runs the work: directly the first time (the warm-up, which loads the kernels), by capturing it and launching the graph the second
    /// time, and by replaying the graph from then on.
    /// </summary>
    /// <exception cref="InvalidOperationException">The driver returned an error.</exception>
    public void Run()
    {
        if (!_isWarm)
        {
            work();
            _isWarm = true;
            return;
        }

        if (_graph == 0)
        {
            _graph = Record();
        }

        Check(Launch(_graph, stream.StreamPtr), "launch the CUDA graph");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_graph != 0)
        {
            Check(Destroy(_graph), "destroy the CUDA graph");
            _graph = 0;
        }
    }

    private nint Record()
    {
        Check(BeginCapture(stream.StreamPtr, CaptureOfThisThread), "begin a stream capture");
        nint recorded;
        int ended;
        try
        {
            work();
        }
        finally
        {
            ended = EndCapture(stream.StreamPtr, out recorded);
        }

        Check(ended, "end the stream capture");
        Check(Instantiate(out nint graph, recorded, 0), "instantiate the CUDA graph");
        Check(DestroyRecorded(recorded), "destroy the captured graph");
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
