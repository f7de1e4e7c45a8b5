using GenSomAttn.Model.Settings;

namespace GenSomAttn.Model.Sampling;

/// <summary>Request for generated images; the same request yields the same images.</summary>
/// <param name="Count">Number of images.</param>
/// <param name="Seed">Seed of the random numbers.</param>
/// <param name="Unit">The unit to sample around; null draws one for each image.</param>
public sealed record SampleRequest(int Count, ulong Seed, int? Unit = null)
{
    /// <summary>Checks the count.</summary>
    /// <exception cref="SettingException">The count is less than 1.</exception>
    internal void Validate()
    {
        if (Count < 1)
        {
            throw new SettingException($"{new SettingName(nameof(Count))} {Count} is out of range: give at least 1.");
        }
    }

    /// <summary>Checks a scale.</summary>
    /// <exception cref="SettingException">The scale is not finite or negative.</exception>
    internal static void CheckAtLeastZero(string setting, double value)
    {
        if (!double.IsFinite(value) || value < 0)
        {
            throw new SettingException($"{new SettingName(setting)} {value} is out of range: give a number of at least 0.");
        }
    }
}
