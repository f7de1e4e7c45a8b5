using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Execution;

/// <summary>Command lines that start this program from the current folder, for hints that can be pasted.</summary>
internal static class Invocation
{
    private const string Project = "GenSomAttn.Native.csproj";

    /// <summary>The command before the verb: "dotnet run --" in the project's folder, else the program's name or path.</summary>
    public static string Program { get; } = File.Exists(Project) ? "dotnet run --" : BuiltProgram();

    /// <summary>Returns a command line of this program.</summary>
    public static string Command(string arguments) => $"{Program} {arguments}";

    /// <summary>Returns a run as an argument: its number if it lies in the folder 'runs', else its path.</summary>
    public static string NameOf(RunDirectory run) => run.NumberIn() is { } number ? $"{number}" : Quote(run.Path);

    /// <summary>Quotes an argument for the shell if needed.</summary>
    public static string Quote(string argument)
        => argument.Length > 0
            && argument.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./,:=+".Contains(letter, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static string BuiltProgram()
    {
        string path = Environment.ProcessPath!;
        if (Path.GetFileNameWithoutExtension(path) == "dotnet")
        {
            return $"dotnet {Quote(Path.GetFullPath(Environment.GetCommandLineArgs()[0]))}";
        }

        string name = Path.GetFileName(path);
        string? found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        return Quote(found == path ? name : path);
    }
}
