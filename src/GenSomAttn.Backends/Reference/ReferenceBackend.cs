using System.Numerics;

namespace GenSomAttn.Backends.Reference;

/// <summary>
/// The meaning of every operation: plain loops over host memory, on one thread, with the formula beside the code. Every other backend is
/// compared with it; the gradient checks run it in double. Never optimized.
/// </summary>
/// <remarks>Each backward stands below its forward and quotes the lines of it that it inverts.</remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed partial class ReferenceBackend<T> : Backend<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly T Half = T.CreateChecked(0.5);
    private static readonly T Two = T.CreateChecked(2);

    /// <inheritdoc/>
    public override string Name => "reference";

    /// <inheritdoc/>
    public override string Description => "plain loops, one thread";

    /// <inheritdoc/>
    public override bool ComputesInHostMemory => true;

    /// <inheritdoc/>
    public override DeviceBuffer<TElement> Allocate<TElement>(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        return new HostBuffer<TElement>(length);
    }

    /// <summary>There are no threads and no device to free.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    /// <summary>One row of a matrix whose rows have <paramref name="length"/> elements.</summary>
    private static ReadOnlySpan<T> Row(ReadOnlySpan<T> rows, int row, int length) => rows.Slice(row * length, length);

    private static Span<T> Row(DeviceView<T> rows, int row, int length) => rows.Span().Slice(row * length, length);

    private static T Sum(ReadOnlySpan<T> row)
    {
        T sum = T.Zero;
        foreach (T x in row)
        {
            sum += x;
        }

        return sum;
    }

    private static T Max(ReadOnlySpan<T> row)
    {
        T max = row[0];
        foreach (T x in row)
        {
            max = T.Max(max, x);
        }

        return max;
    }

    private static T Dot(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
    {
        T sum = T.Zero;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    /// <summary>sum += factor · row.</summary>
    private static void AddScaled(T factor, ReadOnlySpan<T> row, Span<T> sum)
    {
        for (int i = 0; i < row.Length; i++)
        {
            sum[i] += factor * row[i];
        }
    }
}
