using GenSomAttn.Backends.Simd.Vectors;

namespace GenSomAttn.Backends.Simd.Rows;

/// <summary>
/// Softmax over columns: a vector holds neighboring columns, so that maximum and sum need no reduction across its lanes. Softmax transposes
/// its rows for it, attention keeps its probabilities so.
/// </summary>
internal static unsafe class ColumnSoftmax<TVector>
    where TVector : unmanaged, ISimdVector<TVector>
{
    /// <summary>
    /// Computes exp(scale · (x - max)) / Σ exp(scale · (x - max)) over each column of x (length, padded columns), in place.
    /// </summary>
    public static void Forward(float* x, int length, int padded, float scale)
    {
        for (int column = 0; column < padded; column += TVector.Count)
        {
            float* first = x + column, end = first + ((long)length * padded);
            var max = TVector.Load(first);
            for (float* row = first; row != end; row += padded)
            {
                max = TVector.Max(max, TVector.Load(row));
            }

            TVector sum = TVector.Zero;
            for (float* row = first; row != end; row += padded)
            {
                var power = TVector.Exp(TVector.Splat(scale) * (TVector.Load(row) - max));
                power.Store(row);
                sum += power;
            }

            TVector factor = TVector.Splat(1) / sum;
            for (float* row = first; row != end; row += padded)
            {
                (factor * TVector.Load(row)).Store(row);
            }
        }
    }

    /// <summary>
    /// Computes scale · p · (g - Σ g · p) over each column, p being softmax(scale · x) and g the gradient of p, both (length, padded
    /// columns); written to g.
    /// </summary>
    /// <remarks>
    /// Jacobian: ∂p_j/∂x_i = scale · p_j · (δ_ij - p_i), with δ_ij = 1 for i = j, else 0. Contracted with g:
    /// dx_i = Σ over j of g_j · scale · p_j · (δ_ij - p_i) = scale · p_i · (g_i - Σ over j of g_j · p_j).
    /// </remarks>
    public static void Backward(float* p, float* g, int length, int padded, float scale)
    {
        for (int column = 0; column < padded; column += TVector.Count)
        {
            TVector mean = TVector.Zero;
            for (int i = column; i < length * padded; i += padded)
            {
                mean = TVector.MultiplyAdd(TVector.Load(g + i), TVector.Load(p + i), mean);
            }

            for (int i = column; i < length * padded; i += padded)
            {
                (TVector.Splat(scale) * TVector.Load(p + i) * (TVector.Load(g + i) - mean)).Store(g + i);
            }
        }
    }
}
