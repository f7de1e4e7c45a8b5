using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace GenSomAttn.Backends.Reference;

/// <summary>
/// The meaning of every operation: plain loops over host memory, one after another, with the formula beside the code.
/// Generic in the floating-point type, so that the checks of gradients run it in double. Never optimized.
/// </summary>
/// <remarks>
/// Arguments, layouts and what is added to or overwritten: <see cref="IBackend"/>. Nothing is checked here but by the
/// bounds of the spans; <see cref="ReferenceBackend"/> checks. Each backward stands below its forward and quotes the
/// lines of it that it inverts.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
[SuppressMessage(
    "Design", "CA1000:Do not declare static members on generic types",
    Justification = "The type argument is the precision of the computation: callers choose it, ReferenceOps<double>.Conv2dForward.")]
public static partial class ReferenceOps<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly T Half = T.CreateChecked(0.5);
    private static readonly T Two = T.CreateChecked(2);

    /// <summary>One row of a matrix whose rows have <paramref name="length"/> elements.</summary>
    private static Span<T> Row(Span<T> rows, int row, int length) => rows.Slice(row * length, length);

    private static ReadOnlySpan<T> Row(ReadOnlySpan<T> rows, int row, int length) => rows.Slice(row * length, length);

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
