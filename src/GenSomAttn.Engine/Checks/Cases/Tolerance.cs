namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>How far a number may be from the expected one: absolute + relative · |expected|.</summary>
/// <param name="Absolute">Allowed where the expected number is 0.</param>
/// <param name="Relative">Allowed beside it, as a share of the expected number.</param>
/// <param name="Reason">Why this much and no more.</param>
public readonly record struct Tolerance(double Absolute, double Relative, string Reason)
{
    /// <summary>For gradients of the reference in double against central differences.</summary>
    public static Tolerance CentralDifferences { get; } =
        new(1e-5, 1e-3, "truncation and rounding of central differences with step 1e-6; the numbers of PyTorch's gradcheck");

    /// <summary>For operations in float on one element, or on one row through an exponential.</summary>
    public static Tolerance Elementwise { get; } =
        new(1e-6, 2e-6, "a handful of float roundings (6e-8 each) and a polynomial for the exponential");

    /// <summary>For results that must be the same number: copies, comparisons, indices.</summary>
    public static Tolerance Exact { get; } = new(0, 0, "nothing is rounded");

    /// <summary>For a float sum of products of numbers of size 1.</summary>
    /// <param name="terms">Products that are summed.</param>
    public static Tolerance OfSum(int terms) => new(
        1e-6 + (4e-7 * terms), 2e-6,
        $"a float sum of {terms} terms of size 1: each addition rounds a partial sum of size √terms, 2.4e-8 · terms on average; "
        + "a sum that stays far from 0 for long has been seen with 2.4e-7 · terms");

    /// <summary>The largest error allowed.</summary>
    public double Allowed(double expected) => Absolute + (Relative * Math.Abs(expected));
}
