using System.Reflection;

namespace GenSomAttn.Cli;

/// <summary>What a run's configuration says about the program that made it.</summary>
internal static class ProgramInfo
{
    /// <summary>Version of the program.</summary>
    public static string Version => Parts[0];

    /// <summary>Commit that it was built from; null if unknown.</summary>
    public static string? Commit => Parts.Length > 1 ? Parts[1] : null;

    /// <summary>The arguments as they could be typed again.</summary>
    public static string CommandLine => string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(Invocation.Quote));

    /// <summary>"0.1.0+commit", as the SDK writes it.</summary>
    private static string[] Parts =>
        typeof(ProgramInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+');
}
