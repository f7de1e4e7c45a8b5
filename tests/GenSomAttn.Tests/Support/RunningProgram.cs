using System.Diagnostics;
using NUnit.Framework;

namespace GenSomAttn.Tests.Support;

/// <summary>The program as a process that is still running, to be sent signals and watched by its stderr.</summary>
internal sealed class RunningProgram : IDisposable
{
    private const int MaxMilliseconds = 30_000;
    private readonly Process _process;
    private readonly Task<string> _output;

    private RunningProgram(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>All of its stdout, once it has ended.</summary>
    public string Output => _output.Result;

    /// <summary>
    /// Starts the program with the default action of the signals, which a shell may have told this process, and so its children, to
    /// ignore. env becomes the program, so that the process is the program's own.
    /// </summary>
    public static RunningProgram Start(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "GenSomAttn.Native.dll");
        ProcessStartInfo start = new("env", ["--default-signal=INT,TERM,HUP", "dotnet", program, .. arguments])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new RunningProgram(Process.Start(start)!);
    }

    /// <summary>Reads stderr up to a line that begins so, and returns the rest of that line.</summary>
    public string WaitFor(string beginning)
    {
        List<string> lines = [];
        while (_process.StandardError.ReadLine() is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return line[beginning.Length..];
            }

            lines.Add(line);
        }

        throw new AssertionException($"The program ended before it wrote '{beginning}':\n{string.Join('\n', lines)}");
    }

    /// <summary>Bytes of memory that it holds now.</summary>
    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Sends a signal, such as TERM.</summary>
    public void Signal(string name)
    {
        // The program may have ended by itself at this moment; what kill says of that is of no interest.
        // The shell's own kill: a program of that name comes with procps, which a small system lacks.
        using var kill = Process.Start(new ProcessStartInfo("sh", ["-c", $"kill -{name} {_process.Id}"]) { RedirectStandardError = true })!;
        kill.WaitForExit();
    }

    /// <summary>Waits until it ends by itself; its exit code and the rest of its stderr.</summary>
    public (int ExitCode, string Error) End()
    {
        string error = _process.StandardError.ReadToEnd();
        Assert.That(_process.WaitForExit(MaxMilliseconds), Is.True, "it ends by itself");
        return (_process.ExitCode, error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
