using System.Numerics;

namespace GenSomAttn.Kernels.Arithmetic;

/// <summary>
/// Integer division by a divisor that is constant throughout a launch, as a multiplication and a shift: GPUs have no instruction for
/// integer division, and the instruction sequence that replaces it costs more than the arithmetic for which the index is computed.
/// </summary>
/// <remarks>
/// With d ≤ 2^l, the quotient of n below 2^31 is (n · (⌊2^(31+l) / d⌋ + 1)) / 2^(31+l), rounded down. Source: Granlund and Montgomery,
/// "Division by invariant integers using multiplication", PLDI 1994, theorem 4.2.
/// </remarks>
public readonly struct Divisor
{
    private readonly uint _multiplier;
    private readonly int _shift;

    /// <summary>Prepares the division by a number of at least 1, on the host.</summary>
    public Divisor(int value)
    {
        Value = value;
        _shift = 31 + (32 - BitOperations.LeadingZeroCount((uint)value - 1));
        _multiplier = (uint)(((1UL << _shift) / (uint)value) + 1);
    }

    /// <summary>The divisor.</summary>
    public int Value { get; }

    /// <summary>Computes number / Value, rounded down, for a number that is not negative.</summary>
    public int Quotient(int number) => (int)(((ulong)(uint)number * _multiplier) >> _shift);
}
