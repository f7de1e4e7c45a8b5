using Spectre.Console;

namespace GenSomAttn.Cli.Output;

/// <summary>Spectre's view of stdout and stderr.</summary>
internal static class Consoles
{
    private const int WidthOfFiles = 160;

    /// <summary>For results. A file gets plain text and wide lines; NO_COLOR is honored on a terminal.</summary>
    public static IAnsiConsole Output() => Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>For progress.</summary>
    public static IAnsiConsole Error() => Create(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            // Spectre would look at stdin; what counts is where the text goes.
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Yes,
        });
        if (isRedirected)
        {
            console.Profile.Width = WidthOfFiles;
        }

        return console;
    }

    /// <summary>A table without frame: columns of plain text that grep and awk can read too.</summary>
    public static Table PlainTable(params IReadOnlyList<string> columns)
    {
        var table = new Table().NoBorder();
        foreach (string column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))).NoWrap().PadRight(3));
        }

        return table;
    }
}
