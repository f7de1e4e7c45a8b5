namespace GenSomAttn.Backends;

/// <summary>Divisions that round up, of numbers from 0.</summary>
public static class Rounding
{
    /// <summary>Computes value / divisor, rounded up; no intermediate result overflows.</summary>
    public static int DivideUp(int value, int divisor) => value == 0 ? 0 : ((value - 1) / divisor) + 1;

    /// <summary>Rounds up to a multiple of a divisor.</summary>
    public static int RoundUp(int value, int divisor) => DivideUp(value, divisor) * divisor;
}
