using System.Diagnostics;
using NUnit.Framework;

namespace GenSomAttn.Tests.Support;

/// <summary>The program as a running process: receives signals and is observed through stderr.</summary>
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
    /// Starts the program with default signal actions; this process, and so its children, may have inherited ignored signals from a shell.
    /// env replaces itself by the program, so that the process id is the program's.
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

    /// <summary>Reads stderr up to a line with this prefix, and returns the rest of that line.</summary>
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

    /// <summary>Current resident memory in bytes.</summary>
    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Sends a signal, such as TERM.</summary>
    public void Signal(string name)
    {
        // The program may have just ended; kill's error is ignored. The shell's built-in kill, because procps may not be installed.
        using var kill = Process.Start(new ProcessStartInfo("sh", ["-c", $"kill -{name} {_process.Id}"]) { RedirectStandardError = true })!;
        kill.WaitForExit();
    }

    /// <summary>Waits for its end; returns its exit code and the rest of its stderr.</summary>
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
