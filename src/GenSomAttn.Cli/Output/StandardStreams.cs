using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// stdout and stderr that never stop the work. What stderr does not take is dropped. What stdout does not take is a result that was lost:
/// the work is done and saved as usual, and then the loss is told on stderr and ends with <see cref="ExitCodes.Failed"/>. Where nobody
/// wants the result, since stdout is closed, a pipe that has ended or a terminal that is gone, the exit code is the usual one.
/// </summary>
internal sealed class StandardStreams : IDisposable
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;

    /// <summary>Keep the numbers of closed streams taken.</summary>
    private readonly List<SafeFileHandle> _fillers = [];
    private readonly TolerantWriter? _output;
    private readonly TolerantWriter? _error;

    /// <summary>Takes over Console.Out and Console.Error. It must come before anything else opens a file.</summary>
    public StandardStreams()
    {
        if (!OperatingSystem.IsWindows())
        {
            FillClosed();
        }

        _output = Tolerate(Output, () => Console.Out, Console.SetOut);
        _error = Tolerate(Error, () => Console.Error, Console.SetError);
    }

    /// <summary>The exit code of work that ended with <paramref name="code"/>: it can still have lost its result.</summary>
    public int ExitCode(int code)
    {
        // .NET writes to a pipe that has ended without an error.
        if (_output?.Failure is not { } failure || !Console.IsOutputRedirected)
        {
            return code;
        }

        Console.Error.WriteLine($"error: Cannot write to stdout: {failure.Message.TrimEnd('.')}. What the command saves is saved.");
        return code == ExitCodes.Done ? ExitCodes.Failed : code;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _output?.Dispose();
        _error?.Dispose();
        _fillers.ForEach(filler => filler.Dispose());
    }

    /// <summary>Else the next file that is opened would get the number of a closed stream, and what is written to the stream.</summary>
    private void FillClosed()
    {
        while (Array.Exists([Input, Output, Error], descriptor => Native.Flags(descriptor, Native.GetFlags) < 0))
        {
            _fillers.Add(File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        }
    }

    private static TolerantWriter? Tolerate(int descriptor, Func<TextWriter> get, Action<TextWriter> set)
    {
        if (!OperatingSystem.IsWindows() && IsOfTheRuntime(descriptor))
        {
            set(TextWriter.Null);
            return null;
        }

        var writer = new TolerantWriter(get());
        set(writer);
        return writer;
    }

    /// <summary>
    /// Whether the number of a closed stream went to a file or pipe that this process opened by itself: all that the runtime opens is
    /// closed on exec, and what came by exec is not.
    /// </summary>
    private static bool IsOfTheRuntime(int descriptor) => (Native.Flags(descriptor, Native.GetFlags) & Native.CloseOnExec) != 0;

    private static class Native
    {
        public const int GetFlags = 1;
        public const int CloseOnExec = 1;

        [DllImport("libc", EntryPoint = "fcntl", ExactSpelling = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Flags(int descriptor, int command);
    }
}
