using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;

namespace GenSomAttn.Backends.Ilgpu;

/// <summary>
/// Work that an NVIDIA GPU keeps, as a graph of launches: to launch the graph costs the host no more than to launch one kernel. ILGPU knows
/// no graphs; its stream is the driver's, and what is launched into that can be recorded. Source: CUDA driver API, "Graph Management" and
/// "Stream Management".
/// </summary>
/// <param name="work">Launches kernels into the stream.</param>
/// <param name="stream">The stream.</param>
internal sealed partial class CudaGraph(Action work, CudaStream stream) : IDisposable
{
    /// <summary>Other threads may ask the driver for anything meanwhile.</summary>
    private const int CaptureOfThisThread = 1;

    private bool _isWarm;
    private nint _graph;

    /// <summary>
    /// Does the work. The first time as it is, since kernels may have to be loaded, which cannot be recorded; the second time it is recorded.
    /// </summary>
    /// <exception cref="InvalidOperationException">The driver refuses.</exception>
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

        Check(Launch(_graph, stream.StreamPtr), "launch a graph");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_graph != 0)
        {
            Check(Destroy(_graph), "destroy a graph");
            _graph = 0;
        }
    }

    private nint Record()
    {
        Check(BeginCapture(stream.StreamPtr, CaptureOfThisThread), "record launches");
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

        Check(ended, "end a recording");
        Check(Instantiate(out nint graph, recorded, 0), "make a graph");
        Check(DestroyRecorded(recorded), "destroy a recording");
        return graph;
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"NVIDIA's driver cannot {what}: its error {error}.");
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
