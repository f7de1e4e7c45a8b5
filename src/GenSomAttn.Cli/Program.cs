namespace GenSomAttn.Cli;

/// <summary>Entry point of the command line.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => CommandLine.Run(arguments);
}
