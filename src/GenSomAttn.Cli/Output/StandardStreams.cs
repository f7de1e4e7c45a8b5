using System.Runtime.InteropServices;
using GenSomAttn.Cli.Execution;
using Microsoft.Win32.SafeHandles;

namespace GenSomAttn.Cli.Output;

/// <summary>
/// stdout and stderr whose write errors never stop the work. Text that stderr refuses is dropped. If stdout refuses text, the result is
/// lost: the work is finished and saved as usual, then an error on stderr reports the loss and the exit code is
/// <see cref="ExitCodes.Failed"/>. A closed stdout, a broken pipe or a closed terminal is no error and keeps the usual exit code.
/// </summary>
internal sealed class StandardStreams : IDisposable
{
    private const int Input = 0;
    private const int Output = 1;
    private const int Error = 2;

    /// <summary>Files on /dev/null that occupy the descriptors of closed streams.</summary>
    private readonly List<SafeFileHandle> _fillers = [];
    private readonly TolerantWriter? _output;
    private readonly TolerantWriter? _error;

    /// <summary>Replaces Console.Out and Console.Error. Must run before anything else opens a file.</summary>
    public StandardStreams()
    {
        if (!OperatingSystem.IsWindows())
        {
            FillClosed();
        }

        _output = Tolerate(Output, () => Console.Out, Console.SetOut);
        _error = Tolerate(Error, () => Console.Error, Console.SetError);
    }

    /// <summary>Returns the final exit code of work that ended with <paramref name="code"/>: a lost result makes it Failed.</summary>
    public int ExitCode(int code)
    {
        // .NET reports no error for writes to a broken pipe.
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

    /// <summary>Occupies the descriptor of a closed stream: otherwise the next opened file would get it, and the stream's output.</summary>
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
    /// Returns whether the descriptor of a closed stream was reused by a file or pipe of this process: the runtime opens descriptors with
    /// close-on-exec, and inherited ones do not have that flag.
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
