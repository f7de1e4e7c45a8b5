using GenSomAttn.Kernels.Arithmetic;
using NUnit.Framework;

namespace GenSomAttn.Tests.Kernels;

/// <summary>The kernels' math functions against the library's in double, over floats of all magnitudes.</summary>
public sealed class DeviceMathTests
{
    /// <summary>Step between the tested bit patterns of a float: about four million patterns.</summary>
    private const uint Stride = 1021;

    [Test]
    public void Exp_FloatsOfAllSizes_IsWrongByLittleMoreThanOneUnit()
        => Assert.That(LargestError(DeviceMath.Exp, Math.Exp), Is.LessThan(1.1));

    [Test]
    public void Log_FloatsOfAllSizes_IsWrongByOneUnitAtMost()
        => Assert.That(LargestError(DeviceMath.Log, Math.Log), Is.LessThan(1.0));

    [Test]
    public void LogOnePlus_FloatsOfAllSizes_IsWrongByThreeUnitsAtMost()
        => Assert.That(LargestError(DeviceMath.LogOnePlus, LogOnePlus), Is.LessThan(3.0));

    [Test]
    public void LargestError_OfAWrongFormula_IsLarge()
        => Assert.That(LargestError(x => DeviceMath.Exp(x) * 1.000001f, Math.Exp), Is.GreaterThan(5), "Else the tests above show nothing.");

    [TestCase(float.NaN, float.NaN)]
    [TestCase(float.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity, 0)]
    [TestCase(1000, float.PositiveInfinity)]
    [TestCase(-1000, 0)]
    [TestCase(0, 1)]
    public void Exp_AtTheEdges_IsWhatItShouldBe(float x, float expected) => Assert.That(DeviceMath.Exp(x), Is.EqualTo(expected));

    [TestCase(float.NaN, float.NaN)]
    [TestCase(float.PositiveInfinity, float.PositiveInfinity)]
    [TestCase(0, float.NegativeInfinity)]
    [TestCase(-0f, float.NegativeInfinity)]
    [TestCase(-1, float.NaN)]
    [TestCase(1, 0)]
    public void Log_AtTheEdges_IsWhatItShouldBe(float x, float expected) => Assert.That(DeviceMath.Log(x), Is.EqualTo(expected));

    /// <summary>ln(1 + x) in double, by its series where the sum would lose x.</summary>
    private static double LogOnePlus(double x) => Math.Abs(x) < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);

    /// <summary>Returns the largest error in units in the last place of the expected float; infinities and NaN must be equal.</summary>
    private static double LargestError(Func<float, float> function, Func<double, double> exact)
    {
        double largest = 0;
        for (ulong bits = 0; bits <= uint.MaxValue; bits += Stride)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            float got = function(x);
            double expected = exact(x);
            float rounded = (float)expected;
            if (!float.IsFinite(rounded))
            {
                // If the exact value lies between the largest float and infinity, both are accepted.
                double error = got.Equals(rounded) || (got == float.MaxValue && expected > 0) ? 0 : double.PositiveInfinity;
                largest = Math.Max(largest, error);
                continue;
            }

            double unit = Math.Max(MathF.BitIncrement(Math.Abs(rounded)) - (double)Math.Abs(rounded), float.Epsilon);
            largest = Math.Max(largest, Math.Abs(got - expected) / unit);
        }

        return largest;
    }
}
