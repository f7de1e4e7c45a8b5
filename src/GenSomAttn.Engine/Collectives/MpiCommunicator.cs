using System.Runtime.InteropServices;
using System.Text;

namespace GenSomAttn.Engine.Collectives;

/// <summary>MPI cannot be used: there is no library, or it does not belong to the launcher.</summary>
public sealed class MpiException(string message) : Exception(message);

/// <summary>
/// Ranks that mpirun started, connected by the MPI library that is present: Open MPI, MPICH and those with its ABI (Intel MPI), or one with
/// the standard ABI of MPI 5. The library is loaded at run time, and six of its functions are called; sums are computed here.
/// </summary>
public sealed unsafe class MpiCommunicator : ICommunicator
{
    private const int LoadNow = 2;

    /// <summary>RTLD_GLOBAL: Open MPI's plugins look for its symbols among those of the process.</summary>
    private const int LoadGlobal = 0x100;
    private const int Tag = 1;

    private readonly nint _world;
    private readonly nint _byte;
    private readonly nint _ignoredStatus;
    private readonly delegate* unmanaged<void*, int, nint, int, int, void*, int, nint, int, int, nint, nint, int> _sendReceive;
    private readonly delegate* unmanaged<nint, int, int> _abort;
    private readonly delegate* unmanaged<int> _finalize;
    private readonly int _thread = Environment.CurrentManagedThreadId;

    private MpiCommunicator(nint library, string name, MpiLaunch? launch)
    {
        // Handles: addresses of objects in Open MPI; numbers in MPICH's ABI, and in MPI 5, Annex A.
        const int ThreadFunneled = 1, ThreadFunneledInMpi5 = 1024;
        bool isMpi5 = Path.GetFileName(name).Contains("mpi_abi", StringComparison.Ordinal);
        bool isOpenMpi = NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out nint world) && !isMpi5;
        (_world, _byte, _ignoredStatus) = isOpenMpi ? (world, NativeLibrary.GetExport(library, "ompi_mpi_byte"), 0)
            : isMpi5 ? (0x101, 0x247, 0)
            : (0x44000000, 0x4c00010d, 1);
        _sendReceive = (delegate* unmanaged<void*, int, nint, int, int, void*, int, nint, int, int, nint, nint, int>)
            NativeLibrary.GetExport(library, "MPI_Sendrecv");
        _abort = (delegate* unmanaged<nint, int, int>)NativeLibrary.GetExport(library, "MPI_Abort");
        _finalize = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "MPI_Finalize");
        var initialize = (delegate* unmanaged<int*, byte***, int, int*, int>)NativeLibrary.GetExport(library, "MPI_Init_thread");
        var getRank = (delegate* unmanaged<nint, int*, int>)NativeLibrary.GetExport(library, "MPI_Comm_rank");
        var getSize = (delegate* unmanaged<nint, int*, int>)NativeLibrary.GetExport(library, "MPI_Comm_size");
        int level, rank, size;
        Check(initialize(null, null, isMpi5 ? ThreadFunneledInMpi5 : ThreadFunneled, &level), "MPI_Init_thread");
        Check(getRank(_world, &rank), "MPI_Comm_rank");
        Check(getSize(_world, &size), "MPI_Comm_size");
        (Rank, Size) = (rank, size);
        const int ThreadSingle = 0;
        if (level == ThreadSingle)
        {
            throw new MpiException($"{name} was built without threads, and this program has several: use another build of it.");
        }

        if (launch is not null && (rank != launch.Rank || size != launch.Size))
        {
            _ = _finalize();
            throw new MpiException(
                $"{name} is not the library of the launcher, which started {launch.Size} processes; the library sees {size}. "
                + "Start with the mpirun of this library, or name the launcher's own.");
        }
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Loads the library and connects the ranks: every process calls it, once.</summary>
    /// <param name="launch">How this process was started; null if that is unknown.</param>
    /// <param name="library">Name or path of the library; null for the first that is there.</param>
    /// <exception cref="MpiException">There is none, or it does not belong to the launcher.</exception>
    public static MpiCommunicator Start(MpiLaunch? launch, string? library)
    {
        string[] names = library is not null ? [library]
            : launch is { IsOpenMpi: true } ? ["libmpi.so.40", "libmpi_abi.so.1", "libmpi.so.12", "libmpich.so.12"]
            : ["libmpi.so.12", "libmpich.so.12", "libmpi_abi.so.1", "libmpi.so.40"];
        KeepSignals();
        foreach (string name in names)
        {
            nint handle = Load(name);
            if (handle != 0)
            {
                return new MpiCommunicator(handle, name, launch);
            }
        }

        throw new MpiException(
            $"There is no MPI library: {string.Join(", ", names)} cannot be loaded. Install the package openmpi-bin or mpich, "
            + "or name a library.");
    }

    /// <inheritdoc/>
    public void Exchange(int partner, ReadOnlySpan<byte> sent, Span<byte> received)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new InvalidOperationException("MPI is called on another thread than the one that started it.");
        }

        fixed (byte* from = sent, to = received)
        {
            Check(
                _sendReceive(from, sent.Length, _byte, partner, Tag, to, received.Length, _byte, partner, Tag, _world, _ignoredStatus),
                "MPI_Sendrecv");
        }
    }

    /// <summary>Disconnects; returns when all ranks have called it.</summary>
    public void Finish() => Check(_finalize(), "MPI_Finalize");

    /// <summary>Ends all ranks at once with an exit code.</summary>
    public void Abort(int exitCode) => _ = _abort(_world, exitCode);

    /// <summary>Throws on an error that did not end the process: by default MPI ends it.</summary>
    private static void Check(int result, string function)
    {
        if (result != 0)
        {
            throw new MpiException($"{function} failed with MPI's error {result}.");
        }
    }

    /// <summary>
    /// Leaves SIGSEGV to .NET, which turns it into exceptions: UCX, a transport of MPI, would take it when it is loaded.
    /// Environment.SetEnvironmentVariable does not reach native code.
    /// </summary>
    private static void KeepSignals()
    {
        const int KeepExisting = 0;
        var set = (delegate* unmanaged<byte*, byte*, int, int>)NativeLibrary.GetExport(NativeLibrary.Load("libc"), "setenv");
        fixed (byte* name = "UCX_ERROR_SIGNALS\0"u8, value = "SIGILL,SIGBUS,SIGFPE\0"u8)
        {
            _ = set(name, value, KeepExisting);
        }
    }

    /// <summary>Loads a library; NativeLibrary.Load would hide its symbols from the plugins.</summary>
    /// <returns>0 if it cannot be loaded.</returns>
    private static nint Load(string name)
    {
        // dlopen is in libdl before glibc 2.34, and in libc after it.
        nint loader = NativeLibrary.TryLoad("libdl.so.2", out nint found) ? found : NativeLibrary.Load("libc");
        var open = (delegate* unmanaged<byte*, int, nint>)NativeLibrary.GetExport(loader, "dlopen");
        fixed (byte* path = Encoding.UTF8.GetBytes($"{name}\0"))
        {
            return open(path, LoadNow | LoadGlobal);
        }
    }
}
