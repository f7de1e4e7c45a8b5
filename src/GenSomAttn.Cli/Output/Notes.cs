namespace GenSomAttn.Cli.Output;

/// <summary>Notes on stderr about work that continues.</summary>
internal static class Notes
{
    private static readonly HashSet<string> Written = [];

    /// <summary>Prints each distinct note once.</summary>
    public static void WriteOnce(string note)
    {
        if (Written.Add(note))
        {
            Console.Error.WriteLine($"note: {note}");
        }
    }
}
