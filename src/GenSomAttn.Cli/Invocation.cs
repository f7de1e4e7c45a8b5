using GenSomAttn.Model.Files;

namespace GenSomAttn.Cli;

/// <summary>How the program is called from where it was started: for hints that can be pasted as they stand.</summary>
internal static class Invocation
{
    private const string Project = "GenSomAttn.Native.csproj";

    /// <summary>What comes before the verb: "dotnet run --" in the folder of the project, else the program's name or path.</summary>
    public static string Program { get; } = File.Exists(Project) ? "dotnet run --" : BuiltProgram();

    /// <summary>A command line.</summary>
    public static string Command(string arguments) => $"{Program} {arguments}";

    /// <summary>A run as an argument: its number if it lies in 'runs' here, else its folder.</summary>
    public static string NameOf(RunDirectory run) => run.NumberIn() is { } number ? $"{number}" : Quote(run.Path);

    /// <summary>An argument as a shell takes it.</summary>
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
