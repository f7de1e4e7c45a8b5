using GenSomAttn.Model.Runs;

namespace GenSomAttn.Cli.Output;

/// <summary>Text table of the verified files of a run.</summary>
internal static class VerifiedFileTable
{
    /// <summary>Prints a row for each file that is not intact or has a note, and counts the others.</summary>
    public static void Print(IReadOnlyList<VerifiedFile> files)
    {
        var table = new TextTable(1, [.. TextTable.Texts("file", "verdict", "note")]);
        foreach (VerifiedFile file in files.Where(file => file.Verdict != FileVerdict.Intact || file.Note.Length > 0))
        {
            string verdict = file.Verdict switch
            {
                FileVerdict.Intact => "intact",
                FileVerdict.Damaged => "DAMAGED",
                _ => "not checked",
            };
            table.Add(file.File, verdict, file.Note);
        }

        if (table.Rows > 0)
        {
            table.Print();
        }

        Console.Out.WriteLine(
            $"{files.Count(file => file.Verdict == FileVerdict.Intact)} intact, "
            + $"{files.Count(file => file.Verdict == FileVerdict.Damaged)} damaged, "
            + $"{files.Count(file => file.Verdict == FileVerdict.NotChecked)} not checked");
    }
}
