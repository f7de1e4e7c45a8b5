using System.Diagnostics;

namespace GenSomAttn.Tests.Support;

/// <summary>Result of the program run as a process.</summary>
/// <param name="ExitCode">Exit code.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Error">All of its standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the program in the root of the repository and waits for its end; it gets no input.</summary>
    public static ProgramRun Of(params string[] arguments) => With([], arguments);

    /// <summary>Runs the program with additional environment variables.</summary>
    public static ProgramRun With(IEnumerable<KeyValuePair<string, string?>> environment, params string[] arguments)
        => In(Repository.Root, AppContext.BaseDirectory, environment, arguments);

    /// <summary>Runs the program of a folder, in a given working directory.</summary>
    public static ProgramRun In(
        string directory, string programs, IEnumerable<KeyValuePair<string, string?>> environment, params string[] arguments)
    {
        string program = Path.Combine(programs, "GenSomAttn.Native.dll");
        ProcessStartInfo start = new("dotnet", [program, .. arguments])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();

        // Both streams are read concurrently: a process that fills one pipe while only the other is read would deadlock.
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramRun(process.ExitCode, output, error.Result);
    }
}
