using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Rows;

/// <summary>
/// Loops over rows of a few to a few dozen floats: whole vectors first, then groups of four, then single floats, because a
/// row may well be shorter than the machine's vector (a head of attention has 8 floats, a window's row 4).
/// </summary>
internal static unsafe class ShortRows<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    private const int Group = 4;

    /// <summary>Computes Σ row[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(float* row, int length)
    {
        TVector sums = TVector.Zero;
        int i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            sums += TVector.Load(row + i);
        }

        float sum = sums.Sum();
        for (; i < length; i++)
        {
            sum += row[i];
        }

        return sum;
    }

    /// <summary>Computes Σ (row[i] - mean)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquaredDeviations(float* row, float mean, int length)
    {
        TVector sums = TVector.Zero;
        int i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            TVector deviation = TVector.Load(row + i) - TVector.Splat(mean);
            sums = TVector.MultiplyAdd(deviation, deviation, sums);
        }

        float sum = sums.Sum();
        for (; i < length; i++)
        {
            sum += (row[i] - mean) * (row[i] - mean);
        }

        return sum;
    }

    /// <summary>Computes Σ (left[i] - right[i])².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquaredDistance(float* left, float* right, int length)
    {
        var sums = TVector.Zero;
        int i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            TVector difference = TVector.Load(left + i) - TVector.Load(right + i);
            sums = TVector.MultiplyAdd(difference, difference, sums);
        }

        float sum = sums.Sum();
        for (; i < length; i++)
        {
            float difference = left[i] - right[i];
            sum = float.MultiplyAddEstimate(difference, difference, sum);
        }

        return sum;
    }

    /// <summary>Computes target[i] = left[i] - right[i]; returns Σ target[i]².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float* left, float* right, int length, float* target)
    {
        var sums = TVector.Zero;
        int i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            TVector difference = TVector.Load(left + i) - TVector.Load(right + i);
            difference.Store(target + i);
            sums = TVector.MultiplyAdd(difference, difference, sums);
        }

        float sum = sums.Sum();
        for (; i < length; i++)
        {
            target[i] = left[i] - right[i];
            sum = float.MultiplyAddEstimate(target[i], target[i], sum);
        }

        return sum;
    }

    /// <summary>Computes target[i] += factor · source[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddScaled(float factor, float* source, int length, float* target)
    {
        int i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            TVector.MultiplyAdd(TVector.Splat(factor), TVector.Load(source + i), TVector.Load(target + i)).Store(target + i);
        }

        for (; i <= length - Group; i += Group)
        {
            Vector128.MultiplyAddEstimate(Vector128.Create(factor), Vector128.Load(source + i), Vector128.Load(target + i))
                .Store(target + i);
        }

        for (; i < length; i++)
        {
            target[i] = float.MultiplyAddEstimate(factor, source[i], target[i]);
        }
    }

    /// <summary>
    /// Computes target[i] += Σ over r of factors[r] · sources[r · stride + i]: four rows at a time, so that the target is loaded and
    /// stored less often.
    /// </summary>
    public static void AddCombination(float* factors, int count, float* sources, int stride, int length, float* target)
    {
        const int Rows = 4;
        int r = 0;
        for (; r <= count - Rows; r += Rows, sources += Rows * (long)stride)
        {
            float* s0 = sources, s1 = s0 + stride, s2 = s1 + stride, s3 = s2 + stride;
            float f0 = factors[r], f1 = factors[r + 1], f2 = factors[r + 2], f3 = factors[r + 3];
            int i = 0;
            for (; i <= length - TVector.Count; i += TVector.Count)
            {
                TVector sum = TVector.Splat(f0) * TVector.Load(s0 + i);
                sum = TVector.MultiplyAdd(TVector.Splat(f1), TVector.Load(s1 + i), sum);
                sum = TVector.MultiplyAdd(TVector.Splat(f2), TVector.Load(s2 + i), sum);
                sum = TVector.MultiplyAdd(TVector.Splat(f3), TVector.Load(s3 + i), sum);
                (TVector.Load(target + i) + sum).Store(target + i);
            }

            for (; i < length; i++)
            {
                target[i] += (f0 * s0[i]) + (f1 * s1[i]) + (f2 * s2[i]) + (f3 * s3[i]);
            }
        }

        for (; r < count; r++, sources += stride)
        {
            AddScaled(factors[r], sources, length, target);
        }
    }

    /// <summary>Computes target[i] += rate · (source[i] - target[i]).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MoveToward(float* source, float rate, int length, float* target)
    {
        int i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            TVector old = TVector.Load(target + i);
            TVector.MultiplyAdd(TVector.Splat(rate), TVector.Load(source + i) - old, old).Store(target + i);
        }

        for (; i < length; i++)
        {
            target[i] = float.MultiplyAddEstimate(rate, source[i] - target[i], target[i]);
        }
    }

    /// <summary>Computes target[i] /= divisor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Divide(float* target, float divisor, int length)
    {
        int i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            (TVector.Load(target + i) / TVector.Splat(divisor)).Store(target + i);
        }

        for (; i < length; i++)
        {
            target[i] /= divisor;
        }
    }

    /// <summary>Computes target[i] += source[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(float* source, int length, float* target)
    {
        int i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            (TVector.Load(target + i) + TVector.Load(source + i)).Store(target + i);
        }

        for (; i <= length - Group; i += Group)
        {
            (Vector128.Load(target + i) + Vector128.Load(source + i)).Store(target + i);
        }

        for (; i < length; i++)
        {
            target[i] += source[i];
        }
    }

    /// <summary>Copies target[i] = source[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(float* source, int length, float* target)
    {
        int i = 0;
        for (; i <= length - TVector.Count; i += TVector.Count)
        {
            TVector.Load(source + i).Store(target + i);
        }

        for (; i <= length - Group; i += Group)
        {
            Vector128.Load(source + i).Store(target + i);
        }

        for (; i < length; i++)
        {
            target[i] = source[i];
        }
    }
}
