using System.CommandLine;
using GenSomAttn.Cli.Execution;
using GenSomAttn.Cli.Options;
using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Verbs;

/// <summary>note: the user's note on a run.</summary>
internal sealed class NoteVerb(Command verb)
{
    private readonly Argument<string> _run = verb.Declare(CommonOptions.Run());
    private readonly Argument<string?> _text = verb.Declare(new Argument<string?>("TEXT")
    {
        Description = "The note, in place of an earlier one; an empty text removes it. Default: print the note. Example: 'larger map'",
        Arity = ArgumentArity.ZeroOrOne,
    });

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var verb = new Command(
            "note", "Writes a note on a run, which 'runs' lists, into RUN/note.txt; or prints it. Example: note 7 'larger map'");
        verb.SetAction(new NoteVerb(verb).Run);
        return verb;
    }

    private int Run(ParseResult parse)
    {
        RunDirectory run = RunDirectory.Open(parse.GetRequiredValue(_run));
        if (parse.GetValue(_text) is { } text)
        {
            run.SaveNote(text);
            Console.Error.WriteLine($"note: {run.NotePath}");
        }
        else
        {
            Console.Out.WriteLine(run.ReadNote() ?? "");
        }

        return ExitCodes.Done;
    }
}
