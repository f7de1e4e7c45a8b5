namespace GenSomAttn.Cli.Output;

/// <summary>What is to be said on stderr of work that went on.</summary>
internal static class Notes
{
    private static readonly HashSet<string> Said = [];

    /// <summary>Says something, however often it is found, once.</summary>
    public static void SayOnce(string note)
    {
        if (Said.Add(note))
        {
            Console.Error.WriteLine($"note: {note}");
        }
    }
}
