namespace GenSomAttn.Model.Sampling;

/// <summary>What to generate; the same request gives the same images.</summary>
/// <param name="Count">Images.</param>
/// <param name="Seed">Seed of the random numbers.</param>
/// <param name="Unit">The unit to sample around; null draws one for each image.</param>
public sealed record SampleRequest(int Count, ulong Seed, int? Unit = null)
{
    /// <summary>Checks the count.</summary>
    /// <exception cref="ArgumentException">It is not at least 1.</exception>
    internal void Validate() => ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Count, "--count");

    /// <summary>Checks a scale.</summary>
    /// <exception cref="ArgumentException">It is not a finite number of at least 0; the message begins with the option.</exception>
    internal static void CheckAtLeastZero(string option, double value)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new ArgumentException($"{option} {value} is out of range: give a number of at least 0.");
        }
    }
}
