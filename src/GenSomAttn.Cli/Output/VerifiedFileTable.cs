using GenSomAttn.Model.Files;
using Spectre.Console;

namespace GenSomAttn.Cli.Output;

/// <summary>What became of the files of a run, for people.</summary>
internal static class VerifiedFileTable
{
    /// <summary>Prints a row for each file that is not intact or has a note, and counts the others.</summary>
    public static void Print(IReadOnlyList<VerifiedFile> files)
    {
        Table table = Consoles.PlainTable("file", "verdict", "note");
        foreach (VerifiedFile file in files.Where(file => file.Verdict != FileVerdict.Intact || file.Note.Length > 0))
        {
            string verdict = file.Verdict switch
            {
                FileVerdict.Intact => "intact",
                FileVerdict.Damaged => "DAMAGED",
                _ => "not checked",
            };
            table.AddRow(new Text(file.File), new Text(verdict), new Text(file.Note));
        }

        if (table.Rows.Count > 0)
        {
            Consoles.Output().Write(table);
        }

        Console.Out.WriteLine(
            $"{files.Count(file => file.Verdict == FileVerdict.Intact)} intact, "
            + $"{files.Count(file => file.Verdict == FileVerdict.Damaged)} damaged, "
            + $"{files.Count(file => file.Verdict == FileVerdict.NotChecked)} not checked");
    }
}
