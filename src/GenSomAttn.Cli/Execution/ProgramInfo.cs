using System.Reflection;

namespace GenSomAttn.Cli.Execution;

/// <summary>Version, commit and command line of the program, for a run's configuration.</summary>
internal static class ProgramInfo
{
    /// <summary>Version without the commit.</summary>
    public static string Version => Parts[0];

    /// <summary>Commit of the build; null if unknown.</summary>
    public static string? Commit => Parts.Length > 1 ? Parts[1] : null;

    /// <summary>The command line, quoted for a shell.</summary>
    public static string CommandLine => string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(Invocation.Quote));

    /// <summary>Version and commit, "0.1.0+commit", in the SDK's format.</summary>
    private static string[] Parts =>
        typeof(ProgramInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');
}
