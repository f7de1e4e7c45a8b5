namespace GenSomAttn.Cli.Output;

/// <summary>Notes on stderr about work that continues.</summary>
internal static class Notes
{
    private static readonly HashSet<string> Said = [];

    /// <summary>Prints each distinct note once.</summary>
    public static void SayOnce(string note)
    {
        if (Said.Add(note))
        {
            Console.Error.WriteLine($"note: {note}");
        }
    }
}
