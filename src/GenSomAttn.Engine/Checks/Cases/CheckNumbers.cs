using GenSomAttn.Backends;
using GenSomAttn.Kernels;

namespace GenSomAttn.Engine.Checks.Cases;

/// <summary>Numbers that checks compute with: the same in every run.</summary>
internal static class CheckNumbers
{
    /// <summary>Normal numbers that a float holds exactly, so that both precisions see the same.</summary>
    /// <param name="length">How many.</param>
    /// <param name="stream">Each stream has others.</param>
    /// <param name="kinkDistance">Each is moved away from 0 by so much.</param>
    public static double[] Draw(int length, uint stream, double kinkDistance = 0)
    {
        RandomKey key = new(0, RandomPurpose.Check, stream);
        double[] numbers = new double[length];
        for (int i = 0; i < length; i++)
        {
            float number = Philox.Normal(key, (uint)i);
            numbers[i] = (float)(number + Math.CopySign(kinkDistance, number));
        }

        return numbers;
    }

    /// <summary>Whole numbers from 0 to <paramref name="limit"/> - 1.</summary>
    public static int[] DrawIndices(int length, int limit, uint stream)
    {
        RandomKey key = new(0, RandomPurpose.Check, stream);
        return [.. Enumerable.Range(0, length).Select(i => (int)(Philox.Bits(key, (uint)i) % (uint)limit))];
    }

    /// <summary>The numbers of a device in double.</summary>
    public static double[] Widened(DeviceView<float> view) => Array.ConvertAll(view.ToArray(), number => (double)number);

    /// <summary>The whole numbers of a device in double.</summary>
    public static double[] Widened(DeviceView<int> view) => Widened(view.ToArray());

    /// <summary>Whole numbers in double.</summary>
    public static double[] Widened(int[] numbers) => Array.ConvertAll(numbers, number => (double)number);
}
