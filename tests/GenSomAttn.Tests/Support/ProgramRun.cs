using System.Diagnostics;

namespace GenSomAttn.Tests.Support;

/// <summary>What the program did as a process of its own.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All of its standard output.</param>
/// <param name="Error">All of its standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the program in the root of the repository and waits for its end; it gets no input.</summary>
    public static ProgramRun Of(params string[] arguments) => With([], arguments);

    /// <summary>The same with more environment variables.</summary>
    public static ProgramRun With(IEnumerable<KeyValuePair<string, string?>> environment, params string[] arguments)
        => In(Repository.Root, AppContext.BaseDirectory, environment, arguments);

    /// <summary>Runs the program as it lies in a folder, in a working directory of the caller's.</summary>
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

        // Both at once: a process that fills one pipe while the other is read would never end.
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramRun(process.ExitCode, output, error.Result);
    }
}
