using GenSomAttn.Backends;
using GenSomAttn.Engine.Checks;
using GenSomAttn.Engine.Checks.Cases;
using NUnit.Framework;

namespace GenSomAttn.Tests.Support;

/// <summary>Assertions on tensors. A failure prints the worst element: index, got, expected, error, allowance.</summary>
internal static class Compare
{
    /// <summary>Asserts that every element of <paramref name="got"/> is finite and within the tolerance of the expected one.</summary>
    public static void Close(string what, ReadOnlySpan<float> got, ReadOnlySpan<double> expected, Tolerance tolerance)
    {
        Comparison worst = Comparison.Of(Widened(got), expected, tolerance);
        Assert.That(worst.Passed, Is.True, $"{what}: {worst} ({tolerance.Reason})");
    }

    /// <summary>Asserts closeness to expected numbers rounded to float.</summary>
    public static void Close(string what, ReadOnlySpan<float> got, ReadOnlySpan<float> expected, Tolerance tolerance)
        => Close(what, got, Widened(expected), tolerance);

    /// <summary>Asserts closeness of a tensor on its device.</summary>
    public static void Close(string what, DeviceView<float> got, ReadOnlySpan<double> expected, Tolerance tolerance)
        => Close(what, got.ToArray(), expected, tolerance);

    /// <summary>Asserts equal bits: 0 and -0 differ, equal NaN do not.</summary>
    public static void SameBits(string what, ReadOnlySpan<float> got, ReadOnlySpan<float> expected)
    {
        Assert.That(got.Length, Is.EqualTo(expected.Length), what);
        for (int i = 0; i < got.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(got[i]) != BitConverter.SingleToInt32Bits(expected[i]))
            {
                Assert.Fail($"{what}: element {i} is {got[i]:G9}, expected the same bits as {expected[i]:G9}.");
            }
        }
    }

    /// <summary>Converts to double.</summary>
    public static double[] Widened(ReadOnlySpan<float> numbers)
    {
        double[] widened = new double[numbers.Length];
        for (int i = 0; i < widened.Length; i++)
        {
            widened[i] = numbers[i];
        }

        return widened;
    }
}
