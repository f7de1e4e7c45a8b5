namespace GenSomAttn.Cli;

/// <summary>Entry point of the command line.</summary>
internal static class Program
{
    private static int Main(string[] arguments) => arguments.Length == 0 ? 2 : 0;
}
