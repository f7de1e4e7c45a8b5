using Spectre.Console;

namespace GenSomAttn.Cli.Output;

/// <summary>Properties of stdout and stderr: terminal or file, width, capabilities.</summary>
internal static class Consoles
{
    /// <summary>Columns of the terminal on stdout; null if stdout is no terminal or the terminal does not report its width.</summary>
    public static int? OutputWidth => !Console.IsOutputRedirected && Console.WindowWidth is > 0 and var width ? width : null;

    /// <summary>Whether headings on stdout are bold: on a terminal that supports it, unless NO_COLOR is set.</summary>
    public static bool HasBoldOutput =>
        !Console.IsOutputRedirected
        && Create(Console.Out).Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };

    /// <summary>Spectre's console for progress on stderr, which must be a terminal.</summary>
    public static IAnsiConsole Error() => Create(Console.Error);

    /// <summary>Prints a text to stdout, wrapped at word boundaries on a terminal.</summary>
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
        // Spectre's detection looks at stdin; the output stream decides here.
        Interactive = InteractionSupport.Yes,
    });
}
