namespace GenSomAttn.Cli.Advising;

/// <summary>What a score of a run says, and what to change.</summary>
/// <param name="Topic">The topic in one or two words.</param>
/// <param name="Finding">What was found, with its numbers.</param>
/// <param name="Change">What to change.</param>
/// <param name="Measured">What such a change did in a table of the repository.</param>
/// <param name="Source">The table.</param>
internal sealed record Advice(string Topic, string Finding, string Change, string Measured, string Source);
