using CsCheck;
using GenSomAttn.Kernels.Arithmetic;
using NUnit.Framework;

namespace GenSomAttn.Tests.Kernels;

/// <summary>Division by multiplication, against division.</summary>
public sealed class DivisorTests
{
    [Test]
    public void Quotient_AnyNumbers_IsTheQuotient()
        => Gen.Select(Gen.Int[1, int.MaxValue], Gen.Int[0, int.MaxValue])
            .Sample((divisor, number) => new Divisor(divisor).Quotient(number) == number / divisor, iter: 20_000, threads: 1);

    [Test]
    public void Quotient_AtMultiplesOfSmallDivisors_StepsWhereItShould()
    {
        for (int divisor = 1; divisor <= 300; divisor++)
        {
            Divisor prepared = new(divisor);
            int last = int.MaxValue / divisor;
            int[] multiples = [0, 1, 2, 3, last / 2, last - 1, last];
            foreach (int multiple in multiples)
            {
                Assert.That(prepared.Quotient(multiple * divisor), Is.EqualTo(multiple));
                int rest = Math.Min(divisor - 1, int.MaxValue - (multiple * divisor));
                Assert.That(prepared.Quotient((multiple * divisor) + rest), Is.EqualTo(multiple));
                Assert.That(multiple == 0 || prepared.Quotient((multiple * divisor) - 1) == multiple - 1);
            }
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(int.MaxValue)]
    [TestCase(1 << 30)]
    [TestCase((1 << 30) + 1)]
    public void Quotient_OfTheLargestNumber_IsTheQuotient(int divisor)
        => Assert.That(new Divisor(divisor).Quotient(int.MaxValue), Is.EqualTo(int.MaxValue / divisor));
}
