using GenSomAttn.Engine.Checks.Cases;

namespace GenSomAttn.Engine.Checks;

/// <summary>A tensor compared with what it should be: its worst element.</summary>
/// <param name="Index">The element whose error is the largest share of what is allowed there.</param>
/// <param name="Got">What that element is.</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Allowed">The largest error allowed there.</param>
public readonly record struct Comparison(int Index, double Got, double Expected, double Allowed)
{
    /// <summary>The error of that element; NaN if either side is NaN.</summary>
    public double Error => Math.Abs(Got - Expected);

    /// <summary>Whether every element is within its allowance. A number that is not finite never is.</summary>
    public bool Passed => double.IsFinite(Error) && Error <= Allowed;

    private double ShareOfAllowed => Error == 0 ? 0 : Error / Allowed;

    /// <summary>Compares element by element.</summary>
    /// <exception cref="ArgumentException">The two differ in length, or are empty.</exception>
    public static Comparison Of(ReadOnlySpan<double> got, ReadOnlySpan<double> expected, Tolerance tolerance)
    {
        if (got.IsEmpty || got.Length != expected.Length)
        {
            throw new ArgumentException($"{got.Length} elements cannot be compared with {expected.Length}.", nameof(got));
        }

        Comparison worst = At(0, got, expected, tolerance);
        for (int i = 1; i < got.Length && !double.IsNaN(worst.Error); i++)
        {
            Comparison next = At(i, got, expected, tolerance);
            if (!(next.ShareOfAllowed <= worst.ShareOfAllowed))
            {
                worst = next;
            }
        }

        return worst;
    }

    /// <summary>One line for a person.</summary>
    public override string ToString() =>
        $"element {Index} is {Got:G9}, expected {Expected:G9}: error {Error:G3}, allowed {Allowed:G3}";

    private static Comparison At(int i, ReadOnlySpan<double> got, ReadOnlySpan<double> expected, Tolerance tolerance)
        => new(i, got[i], expected[i], tolerance.Allowed(expected[i]));
}
