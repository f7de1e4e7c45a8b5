using GenSomAttn.Cli.Output;
using GenSomAttn.Formats;

namespace GenSomAttn.Cli.Advising;

/// <summary>Advice as text.</summary>
internal static class AdviceText
{
    /// <summary>Prints advice to stderr, a line each, after the work of another command, which does not fail with it.</summary>
    public static void Note(Func<RunFacts> collect)
    {
        try
        {
            foreach (Advice advice in Advisor.Of(collect()))
            {
                Console.Error.WriteLine($"advice: {Line(advice)}");
            }
        }
        catch (FileException exception)
        {
            Console.Error.WriteLine($"note: there is no advice: {exception.Message}");
        }
    }

    /// <summary>Prints advice as the result of a command.</summary>
    public static void Print(IReadOnlyList<Advice> all)
    {
        foreach (Advice advice in all)
        {
            Consoles.WriteText($"{advice.Topic}: {Line(advice)}");
        }

        if (all.Count == 0)
        {
            Consoles.WriteText(
                "Nothing to change, as far as the scores of the run tell: the map is used and ordered, the loss no longer falls, and no "
                + "sample is a copy.");
        }
    }

    private static string Line(Advice advice) => $"{advice.Finding} {advice.Change} Measured: {advice.Measured} ({advice.Source}).";
}
