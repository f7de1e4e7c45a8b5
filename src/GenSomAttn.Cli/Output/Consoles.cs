using Spectre.Console;

namespace GenSomAttn.Cli.Output;

/// <summary>Where text goes: to a terminal of some width, or into a file, which has none.</summary>
internal static class Consoles
{
    /// <summary>Columns of the terminal that stdout goes to; null where it goes elsewhere, or to a terminal that does not tell.</summary>
    public static int? OutputWidth => !Console.IsOutputRedirected && Console.WindowWidth is > 0 and var width ? width : null;

    /// <summary>Whether headings on stdout are bold: on a terminal that can, unless NO_COLOR asks for plain text.</summary>
    public static bool HasBoldOutput =>
        !Console.IsOutputRedirected
        && Create(Console.Out).Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };

    /// <summary>Spectre's view of stderr, which is a terminal, for progress.</summary>
    public static IAnsiConsole Error() => Create(Console.Error);

    /// <summary>Prints a text that may be long: on a terminal its lines end between words.</summary>
    public static void WriteText(string text)
    {
        foreach (string line in TextLines.Wrap(text, OutputWidth))
        {
            Console.Out.WriteLine(line);
        }
    }

    private static IAnsiConsole Create(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = AnsiSupport.Detect,
        // Spectre would look at stdin; what counts is where the text goes.
        Interactive = InteractionSupport.Yes,
    });
}
